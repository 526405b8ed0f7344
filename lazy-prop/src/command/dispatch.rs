//! From the words of a command line to the chosen command.
//!
//! A line that names a command in full is parsed against only that command, so a start costs the same
//! with any number of commands. The full tree handles everything else, such as help, errors, aliases and
//! prefixes, so the output is the same on both paths.

use std::ffi::OsString;
use std::format;
use std::string::{String, ToString};
use std::vec;
use std::vec::Vec;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgMatches, Command, Id};

use super::entry::{Entry, Role};
use super::error::Error;
use super::failure::FailureCode;
use super::line::Line;
use super::mistake::{self, Mistake};
use super::stop::Stop;
use super::tree::{self, Arguments, Tree};
use super::{order, unknown, unnamed};

/// A line that chose a command.
pub(super) struct Parsed {
    /// The command, if it is one of ours.
    pub(super) chosen: Option<&'static Entry>,
    /// The part of the line for the app.
    pub(super) of_app: ArgMatches,
    /// The part of the line for the command.
    pub(super) of_command: ArgMatches,
    root: Command,
    /// The words that chose the command.
    path: Vec<String>,
}

/// Parses `args` for a program of several commands.
pub(super) fn parse(line: &Line, tree: Tree, args: &[OsString]) -> Result<Parsed, Error> {
    let near = beginning_with(args.get(1), &line.entries);
    match direct(line, &near, args)? {
        Some((entry, root, matches)) => Ok(Parsed::new(root, matches, |_| Some(entry))),
        None => parse_fully(line, tree, args),
    }
}

/// Parses `args` for a program that is one command.
pub(super) fn parse_one(line: &Line, tree: Tree, args: &[OsString]) -> Result<Parsed, Error> {
    let mut root = tree(line, Arguments::Deferred)?;
    let matches = root.try_get_matches_from_mut(args);
    mistake::noted()?;
    Ok(Parsed {
        chosen: line.entries.first().copied(),
        of_app: ArgMatches::default(),
        of_command: matches.map_err(Error::usage_of)?,
        root,
        path: vec![],
    })
}

impl Parsed {
    fn new(
        root: Command,
        matches: ArgMatches,
        chosen: impl FnOnce(&str) -> Option<&'static Entry>,
    ) -> Self {
        let (of_app, path, of_command) = descend(matches);
        Self {
            chosen: chosen(&path.join(" ")),
            of_app,
            of_command,
            root,
            path,
        }
    }

    /// The arguments of the chosen command.
    pub(super) fn command(&self) -> &Command {
        let mut command = &self.root;
        for name in &self.path {
            command = command.find_subcommand(name).unwrap_or(command);
        }
        command
    }

    /// The error of a command that gave no exit code.
    pub(super) fn explain(mut self, stop: Stop, code: &FailureCode) -> Error {
        match stop {
            Stop::Later(_) => {
                let places = self.chosen.map(|entry| entry.describe().place);
                let text = format!(
                    "`{}` is an `async fn`: give the program an executor, by `run_with` or `run_async`",
                    self.command().get_name(),
                );
                Mistake::new(text, places.into_iter().collect::<Vec<_>>()).into()
            }
            Stop::Told => unreachable!("it was called to run"),
            Stop::Missing(id) => Error::usage_of(missing(&mut self.root, &self.path, &id)),
            Stop::Usage(error) => {
                let command = first(&mut self.root, &self.path, |_| false);
                Error::usage_of(error.format(command))
            }
            Stop::Failed(failed) => failed(code, &self.root),
        }
    }
}

/// The commands whose first word is `word`. A start does this with every command and nothing else, so it is
/// only a comparison.
fn beginning_with(word: Option<&OsString>, entries: &[&'static Entry]) -> Vec<&'static Entry> {
    let Some(word) = word else {
        return vec![];
    };
    let begins = |entry: &&&'static Entry| {
        let rest = entry.path.as_bytes().strip_prefix(word.as_encoded_bytes());
        rest.is_some_and(|rest| matches!(rest, [] | [b' ', ..]))
    };
    let mut near: Vec<&'static Entry> = entries.iter().filter(begins).copied().collect();
    near.retain(|entry| entry.role != Role::External);
    near
}

/// Parses a line that names in full one of the commands `near` it. `None` for any other line.
fn direct(
    line: &Line,
    near: &[&'static Entry],
    args: &[OsString],
) -> Result<Option<(&'static Entry, Command, ArgMatches)>, Mistake> {
    let words = args.get(1..).unwrap_or_default();
    let is_named = |entry: &&&'static Entry| {
        let mut given = words.iter();
        let mut path = entry.path.split(' ');
        path.all(|word| given.next().is_some_and(|given| given == word))
    };
    let mut found = near.iter().filter(is_named);
    let (Some(entry), None) = (found.next(), found.next()) else {
        return Ok(None);
    };
    let is_group = |other: &&Entry| {
        let rest = other.path.strip_prefix(entry.path);
        rest.is_some_and(|rest| rest.starts_with(' '))
    };
    if near.iter().any(is_group) {
        return Ok(None);
    }
    let mut root = tree::of(line, &[entry], Arguments::Deferred)?;
    if root.is_multicall_set() {
        return Ok(None);
    }
    let matches = root.try_get_matches_from_mut(args);
    mistake::noted()?;
    Ok(matches.ok().map(|matches| (*entry, root, matches)))
}

/// Parses any line.
fn parse_fully(line: &Line, tree: Tree, args: &[OsString]) -> Result<Parsed, Error> {
    let mut root = tree(line, Arguments::Deferred)?;
    let begins_with_option = args
        .get(1)
        .is_some_and(|word| word.as_encoded_bytes().starts_with(b"-"));
    let ordered = begins_with_option
        .then(|| order::command_first(line, &root, args))
        .flatten();
    let args = ordered.as_deref().unwrap_or(args);
    let mut matches = root.try_get_matches_from_mut(args);
    mistake::noted()?;
    let is_for_nobody = |matches: &ArgMatches| {
        let chosen = matches.subcommand();
        chosen.is_some_and(|chosen| unnamed::command(&root, chosen).is_none())
    };
    if line.unnamed("", Role::External).is_none() && matches.as_ref().is_ok_and(is_for_nobody) {
        // The program lets clap accept any word, and has no command for it.
        let mut closed = tree(line, Arguments::Deferred)?.allow_external_subcommands(false);
        matches = closed.try_get_matches_from_mut(args);
    }
    let again = match unnamed::find(line, &root, &matches, args) {
        Some((entry, args)) => {
            let mut root = tree::of(line, &[entry], Arguments::Deferred)?;
            let again = root.try_get_matches_from_mut(args);
            mistake::noted()?;
            Some(again.map(|matches| Parsed::new(root, matches, |_| Some(entry))))
        }
        None => None,
    };
    let kind = matches.as_ref().err().map(clap::Error::kind);
    match (again, matches) {
        (Some(Ok(parsed)), _) => Ok(parsed),
        // A word that is not a command was more likely meant as one than as an argument of the default.
        (Some(Err(error)), _) if kind != Some(ErrorKind::InvalidSubcommand) => {
            Err(Error::usage_of(error))
        }
        (_, Err(error)) => Err(explain(line, tree, root, args, error)?),
        (_, Ok(matches)) => Ok(Parsed::new(root, matches, |name| line.named(name))),
    }
}

/// Adds to clap's error about a wrong line.
fn explain(
    line: &Line,
    tree: Tree,
    mut root: Command,
    args: &[OsString],
    error: clap::Error,
) -> Result<Error, Mistake> {
    Ok(Error::usage_of(match error.kind() {
        ErrorKind::InvalidSubcommand => unknown::explain(tree(line, Arguments::Now)?, args, error),
        ErrorKind::MissingSubcommand => bare(&mut root, args).unwrap_or(error),
        _ => error,
    }))
}

/// The help for a line that names only a group, or nothing. clap counts an option from the environment as a
/// word of the line, and so would report a mistake.
fn bare(root: &mut Command, args: &[OsString]) -> Option<clap::Error> {
    let mut group = root;
    for word in args.iter().skip(1) {
        group = group.find_subcommand_mut(word)?;
    }
    let wants_help = group.is_arg_required_else_help_set();
    let help = group.render_help();
    let helped = Command::new("")
        .override_help(help)
        .arg_required_else_help(wants_help);
    helped.try_get_matches_from([""]).err()
}

/// The matches of the root, the words of the chosen command, and its own matches.
fn descend(mut root: ArgMatches) -> (ArgMatches, Vec<String>, ArgMatches) {
    let mut path = vec![];
    let mut chosen = ArgMatches::default();
    let mut next = root.remove_subcommand();
    while let Some((name, inner)) = next {
        path.push(name);
        chosen = inner;
        next = chosen.remove_subcommand();
    }
    (root, path, chosen)
}

/// The first command of `path` that is looked for, or the last of all.
fn first<'c>(
    mut command: &'c mut Command,
    path: &[String],
    is_it: impl Fn(&Command) -> bool,
) -> &'c mut Command {
    for name in path {
        if is_it(command) || command.find_subcommand(name).is_none() {
            break;
        }
        command = command
            .find_subcommand_mut(name)
            .unwrap_or_else(|| unreachable!("it was found"));
    }
    command
}

/// clap's error for a missing required argument, for an argument that only its type requires.
fn missing(root: &mut Command, path: &[String], id: &Id) -> clap::Error {
    let command = first(root, path, |command| has(command, id));
    let arg = command.get_arguments().find(|arg| arg.get_id() == id);
    let name = arg.map_or_else(|| id.to_string(), ToString::to_string);
    let usage = command.render_usage();
    let mut error = clap::Error::new(ErrorKind::MissingRequiredArgument).with_cmd(command);
    error.insert(ContextKind::InvalidArg, ContextValue::Strings(vec![name]));
    error.insert(ContextKind::Usage, ContextValue::StyledStr(usage));
    error
}

fn has(command: &Command, id: &Id) -> bool {
    command.get_arguments().any(|arg| arg.get_id() == id)
}

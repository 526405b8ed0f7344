//! From the words of a command line to the chosen command.
//!
//! A line that names a command outright is parsed against that command alone, so a start costs the
//! same however many commands there are. Whatever else there is to say, help, errors, aliases and
//! prefixes among it, is said by the full tree, so it reads the same on both ways.

use std::ffi::OsString;
use std::string::{String, ToString};
use std::vec;
use std::vec::Vec;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgMatches, Command, Id};

use super::cli::{FailureCode, Line};
use super::entry::Entry;
use super::error::Error;
use super::stop::Stop;
use super::tree::{self, Arguments};
use super::unknown;

/// A line that chose a command.
pub(super) struct Parsed {
    /// The command, if it is one of ours.
    pub(super) chosen: Option<&'static Entry>,
    /// What stands on the line for the app.
    pub(super) of_app: ArgMatches,
    /// What stands on it for the command.
    pub(super) of_command: ArgMatches,
    root: Command,
    /// The words that chose the command.
    path: Vec<String>,
}

/// Parses `args` for a program of several commands.
pub(super) fn parse(line: &Line, args: &[OsString]) -> Result<Parsed, Error> {
    let near = beginning_with(args.get(1), &line.entries);
    let (root, matches) = match direct(line, &near, args) {
        Some(parsed) => parsed,
        None => parse_fully(line, args)?,
    };
    let (of_app, path, of_command) = descend(matches);
    let name = path.join(" ");
    // One that was found by an alias or a prefix is not near.
    let mut entries = near.iter().chain(&line.entries);
    Ok(Parsed {
        chosen: entries.find(|entry| entry.path == name).copied(),
        of_app,
        of_command,
        root,
        path,
    })
}

/// Parses `args` for a program that is one command.
pub(super) fn parse_one(line: &Line, args: &[OsString]) -> Result<Parsed, Error> {
    let mut root = line.one();
    let matches = root.try_get_matches_from_mut(args).map_err(Error::Usage)?;
    Ok(Parsed {
        chosen: line.entries.first().copied(),
        of_app: ArgMatches::default(),
        of_command: matches,
        root,
        path: vec![],
    })
}

impl Parsed {
    /// The error of a command that gave no exit code.
    pub(super) fn explain(mut self, stop: Stop, code: &FailureCode) -> Error {
        match stop {
            Stop::Told => unreachable!("it was called to run"),
            Stop::Missing(id) => Error::Usage(missing(&mut self.root, &self.path, &id)),
            Stop::Usage(error) => Error::Usage(error.format(&mut self.root)),
            Stop::Failure(error) => {
                let code = code(&*error);
                Error::Failure(error, code)
            }
        }
    }
}

/// The commands whose first word is `word`. It is all that a start does with every command, so it
/// is no more than a comparison.
fn beginning_with(word: Option<&OsString>, entries: &[&'static Entry]) -> Vec<&'static Entry> {
    let Some(word) = word else {
        return vec![];
    };
    let begins = |entry: &&&'static Entry| {
        let rest = entry.path.as_bytes().strip_prefix(word.as_encoded_bytes());
        rest.is_some_and(|rest| matches!(rest, [] | [b' ', ..]))
    };
    entries.iter().filter(begins).copied().collect()
}

/// Parses a line that names one command outright, of those `near` it; `None` if there is anything
/// else to it.
fn direct(
    line: &Line,
    near: &[&'static Entry],
    args: &[OsString],
) -> Option<(Command, ArgMatches)> {
    let words = args.get(1..)?;
    let is_named = |entry: &&&'static Entry| {
        let mut given = words.iter();
        let mut path = entry.path.split(' ');
        path.all(|word| given.next().is_some_and(|given| given == word))
    };
    let mut found = near.iter().filter(is_named);
    let (Some(entry), None) = (found.next(), found.next()) else {
        return None;
    };
    let is_group = |other: &&Entry| {
        let rest = other.path.strip_prefix(entry.path);
        rest.is_some_and(|rest| rest.starts_with(' '))
    };
    if near.iter().any(is_group) {
        return None;
    }
    let mut root = tree::of(line, &[entry], Arguments::Deferred).ok()?;
    if root.is_multicall_set() {
        return None;
    }
    let matches = root.try_get_matches_from_mut(args).ok()?;
    Some((root, matches))
}

/// Parses any line.
fn parse_fully(line: &Line, args: &[OsString]) -> Result<(Command, ArgMatches), Error> {
    let mut root = (line.form.tree)(line, Arguments::Deferred).map_err(Error::Duplicate)?;
    match root.try_get_matches_from_mut(args) {
        Ok(matches) => Ok((root, matches)),
        Err(error) if error.kind() == ErrorKind::InvalidSubcommand => {
            let root = (line.form.tree)(line, Arguments::Now).map_err(Error::Duplicate)?;
            Err(Error::Usage(unknown::explain(root, args, error)))
        }
        Err(error) if error.kind() == ErrorKind::MissingSubcommand => {
            Err(Error::Usage(bare(&mut root, args).unwrap_or(error)))
        }
        Err(error) => Err(Error::Usage(error)),
    }
}

/// The help of a line that names a group and nothing else, or not even that. To clap, an option that
/// the environment gives is a word of the line, and so such a line a mistake.
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

/// The error that clap gives for a required argument, for one that only its type requires.
fn missing(root: &mut Command, path: &[String], id: &Id) -> clap::Error {
    let mut command = root;
    for name in path {
        if has(command, id) || command.find_subcommand(name).is_none() {
            break;
        }
        command = command
            .find_subcommand_mut(name)
            .unwrap_or_else(|| unreachable!("it was found"));
    }
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

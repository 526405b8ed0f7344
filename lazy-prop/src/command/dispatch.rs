//! From the words of a command line to the function.
//!
//! A line that names a command outright is parsed against that command alone, so a start costs the
//! same however many commands there are. Whatever else there is to say, help, errors, aliases and
//! prefixes among it, is said by the full tree, so it reads the same on both ways.

use std::ffi::OsString;
use std::process::ExitCode;
use std::string::{String, ToString};
use std::vec;
use std::vec::Vec;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgMatches, Command};

use super::cli::{Cli, Source};
use super::entry::{App, Entry};
use super::error::Error;
use super::stop::Stop;
use super::tree::{self, Arguments};
use super::unknown;

/// Runs the command that `args` name.
pub(super) fn run<A: App>(cli: &Cli<A>, args: &[OsString]) -> Result<ExitCode, Error> {
    let (mut root, mut matches) = match direct(cli, args) {
        Some(parsed) => parsed,
        None => parse_fully(cli, args)?,
    };
    let app = A::read(&mut matches);
    let (path, chosen) = descend(matches);
    let reply = app.and_then(|app| call(cli, &path, chosen, app));
    reply.map_err(|stop| match stop {
        Stop::Missing(id) => Error::Usage(missing(&mut root, &path, id)),
        Stop::Usage(error) => Error::Usage(error.format(&mut root)),
        Stop::Failure(error) => Error::Failure(error),
    })
}

/// Parses a line that names one command outright; `None` if there is anything else to it.
fn direct<A: App>(cli: &Cli<A>, args: &[OsString]) -> Option<(Command, ArgMatches)> {
    let Source::List(entries) = &cli.source else {
        return None;
    };
    let words = args.get(1..)?;
    let names = |entry: &&&'static Entry<A>| {
        let mut given = words.iter();
        entry
            .path
            .split(' ')
            .all(|word| given.next().is_some_and(|given| given == word))
    };
    let mut found = entries.iter().filter(names);
    let (Some(entry), None) = (found.next(), found.next()) else {
        return None;
    };
    let is_group = |other: &&Entry<A>| {
        other
            .path
            .strip_prefix(entry.path)
            .is_some_and(|rest| rest.starts_with(' '))
    };
    if entries.iter().any(is_group) {
        return None;
    }
    let mut root = tree::of(cli, &[entry], Arguments::Deferred).ok()?;
    if root.is_multicall_set() {
        return None;
    }
    let matches = root.try_get_matches_from_mut(args).ok()?;
    Some((root, matches))
}

/// Parses any line.
fn parse_fully<A: App>(cli: &Cli<A>, args: &[OsString]) -> Result<(Command, ArgMatches), Error> {
    let mut root = tree::full(cli, Arguments::Deferred).map_err(Error::Duplicate)?;
    match root.try_get_matches_from_mut(args) {
        Ok(matches) => Ok((root, matches)),
        Err(error) if error.kind() == ErrorKind::InvalidSubcommand => {
            Err(Error::Usage(unknown::explain(cli.clap(), args, error)))
        }
        Err(error) => Err(Error::Usage(error)),
    }
}

/// The words of the chosen command, and its own matches.
fn descend(mut matches: ArgMatches) -> (Vec<String>, ArgMatches) {
    let mut path = vec![];
    while let Some((name, inner)) = matches.remove_subcommand() {
        path.push(name);
        matches = inner;
    }
    (path, matches)
}

/// Calls the function of the chosen command.
fn call<A: App>(
    cli: &Cli<A>,
    path: &[String],
    mut matches: ArgMatches,
    mut app: A,
) -> Result<ExitCode, Stop> {
    let entry = match &cli.source {
        Source::One(entry) => Some(entry),
        Source::List(entries) => {
            let path = path.join(" ");
            entries.iter().copied().find(|entry| entry.path == path)
        }
    };
    match entry {
        Some(entry) => (entry.run)(&mut matches, &mut app),
        // A command that `configure` added has no function; that is for its author to handle.
        None => Ok(ExitCode::SUCCESS),
    }
}

/// The error that clap gives for a required argument, for one that only its type requires.
fn missing(root: &mut Command, path: &[String], id: &'static str) -> clap::Error {
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
    let name = arg.map_or_else(|| id.into(), ToString::to_string);
    let usage = command.render_usage();
    let mut error = clap::Error::new(ErrorKind::MissingRequiredArgument).with_cmd(command);
    error.insert(ContextKind::InvalidArg, ContextValue::Strings(vec![name]));
    error.insert(ContextKind::Usage, ContextValue::StyledStr(usage));
    error
}

fn has(command: &Command, id: &str) -> bool {
    command.get_arguments().any(|arg| arg.get_id() == id)
}

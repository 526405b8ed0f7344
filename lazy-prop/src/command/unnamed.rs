//! Lines that name no command. They are for the default one, or for one that takes any word.

use std::ffi::OsString;
use std::string::String;
use std::vec;
use std::vec::Vec;

use clap::error::ErrorKind;
use clap::{ArgMatches, Command};

use super::entry::{Entry, Role};
use super::line::Line;

/// clap's id of the words after an external one.
const EXTERNAL: &str = "";

/// The command for a line that names none, and the line with its name added.
pub(super) fn find(
    line: &Line,
    root: &Command,
    matches: &Result<ArgMatches, clap::Error>,
    args: &[OsString],
) -> Option<(&'static Entry, Vec<OsString>)> {
    if line.entries.iter().all(|entry| entry.role == Role::Named) {
        return None;
    }
    match matches {
        Ok(matches) => of_accepted(line, root, matches, args),
        Err(error) => of_refused(line, root, error.kind(), args),
    }
}

/// The command that clap chose. `None` if clap took the word for an external one: no command has this name,
/// or it stands behind `--`.
pub(super) fn command<'c>(
    parent: &'c Command,
    (name, inner): (&str, &ArgMatches),
) -> Option<&'c Command> {
    let found = parent.find_subcommand(name)?;
    (!inner.contains_id(EXTERNAL)).then_some(found)
}

/// For a line that clap accepts: it has a word that is not a command, or no word.
fn of_accepted(
    line: &Line,
    root: &Command,
    matches: &ArgMatches,
    args: &[OsString],
) -> Option<(&'static Entry, Vec<OsString>)> {
    let (mut parent, mut matches) = (root, matches);
    let mut path: Vec<&str> = vec![];
    while let Some((name, inner)) = matches.subcommand() {
        let Some(command) = command(parent, (name, inner)) else {
            let entry = line.unnamed(&path.join(" "), Role::External)?;
            // clap does not name the words after the unknown one.
            let words = inner.get_many::<OsString>(EXTERNAL);
            let rest = words.map_or(0, Iterator::count);
            return named(entry, args, args.len().checked_sub(rest + 1)?);
        };
        path.push(name);
        (parent, matches) = (command, inner);
    }
    let entry = line.unnamed(&path.join(" "), Role::Default)?;
    let at = match path.last() {
        Some(group) => args.iter().rposition(|word| *word == **group)? + 1,
        None => 1,
    };
    named(entry, args, at)
}

/// For a line that clap refuses, but that may fit the default command.
fn of_refused(
    line: &Line,
    root: &Command,
    kind: ErrorKind,
    args: &[OsString],
) -> Option<(&'static Entry, Vec<OsString>)> {
    if !matches!(
        kind,
        ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand
    ) {
        return None;
    }
    let (mut parent, mut at) = (root, 1);
    let mut path: Vec<String> = vec![];
    while let Some(group) = args.get(at).and_then(|word| parent.find_subcommand(word)) {
        if !group.has_subcommands() {
            return None;
        }
        path.push(group.get_name().into());
        (parent, at) = (group, at + 1);
    }
    let names_one = |word: &OsString| parent.find_subcommand(word).is_some();
    if args.iter().skip(at).any(names_one) {
        return None;
    }
    named(line.unnamed(&path.join(" "), Role::Default)?, args, at)
}

/// The line with the name of the command at `at`.
fn named(
    entry: &'static Entry,
    args: &[OsString],
    at: usize,
) -> Option<(&'static Entry, Vec<OsString>)> {
    let (before, after) = args.split_at_checked(at)?;
    let mut line = before.to_vec();
    if line.last().is_some_and(|last| last == "--") {
        line.pop();
    }
    line.push(entry.split().1.into());
    if entry.role == Role::External {
        // All following words belong to it, also those that look like options.
        line.push("--".into());
    }
    line.extend_from_slice(after);
    Some((entry, line))
}

//! Options of the app that stand before the command are read with those behind it.

use std::ffi::OsString;
use std::vec::Vec;

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};

use super::line::Line;

/// The line with the command first, `app -v add -v` as `app add -v -v`.
///
/// To clap, the two sides of a command are two lines: it checks for each alone what options say of
/// each other, and takes one side's values where both have some. All options of an app may stand
/// behind the command, so there they go.
pub(super) fn command_first(
    line: &Line,
    tree: &Command,
    args: &[OsString],
) -> Option<Vec<OsString>> {
    let root = line.root();
    root.get_arguments().next()?;
    let at = command(root, args)?;
    let (mut parent, mut end) = (tree, at);
    while let Some(command) = args.get(end).and_then(|word| parent.find_subcommand(word)) {
        (parent, end) = (command, end + 1);
    }
    let (options, words) = (args.get(1..at)?, args.get(at..end)?);
    let parts = [args.get(..1)?, words, options, args.get(end..)?];
    Some(parts.concat())
}

/// Where the command stands, if nothing but options that may stand behind it are before it.
fn command(root: Command, args: &[OsString]) -> Option<usize> {
    // What is wrong with the options is told when the whole line is read.
    let mut root = root
        .ignore_errors(true)
        .subcommand_required(false)
        .allow_external_subcommands(true)
        .external_subcommand_value_parser(clap::value_parser!(OsString));
    let matches = root.try_get_matches_from_mut(args).ok()?;
    let (_, rest) = matches.subcommand()?;
    if root.get_arguments().any(|arg| stays(&matches, arg)) {
        return None;
    }
    // To clap, the words behind one that it does not know have no name.
    let rest = rest.get_many::<OsString>("").map_or(0, Iterator::count);
    args.len().checked_sub(rest + 1)
}

/// Whether an argument on the line has to stand before the command.
fn stays(matches: &ArgMatches, arg: &Arg) -> bool {
    let source = matches.value_source(arg.get_id().as_str());
    source == Some(ValueSource::CommandLine) && !arg.is_global_set()
}

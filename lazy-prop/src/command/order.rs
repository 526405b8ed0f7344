//! Options of the app that stand before the command are read together with those after it.

use std::ffi::OsString;
use std::vec::Vec;

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};

use super::line::Line;

/// The line with the command first, `app -v add -v` as `app add -v -v`.
///
/// clap treats the two sides of a command as two lines: it checks conflicts and requirements on each side
/// separately, and takes the values of one side. All options of an app may stand after the command, so they
/// are moved there.
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

/// The position of the command, if only options that may also follow it stand before it.
fn command(root: Command, args: &[OsString]) -> Option<usize> {
    // A mistake in the options is reported when the whole line is read.
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
    // clap does not name the words after one that it does not know.
    let rest = rest.get_many::<OsString>("").map_or(0, Iterator::count);
    args.len().checked_sub(rest + 1)
}

/// Whether an argument on the line must stand before the command.
fn stays(matches: &ArgMatches, arg: &Arg) -> bool {
    let source = matches.value_source(arg.get_id().as_str());
    source == Some(ValueSource::CommandLine) && !arg.is_global_set()
}

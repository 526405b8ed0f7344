//! An unknown command: says so, suggests the nearest, and lists the others.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::path::Path;
use std::string::String;
use std::vec;
use std::vec::Vec;

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// The number of commands in the list. `--help` shows all.
const SHOWN: usize = 40;

/// The width at which the list breaks.
const WIDTH: usize = 80;

/// Says more than `error` does about the unknown command in `args`.
pub(super) fn explain(mut root: Command, args: &[OsString], error: clap::Error) -> clap::Error {
    let Some(ContextValue::String(unknown)) = error.get(ContextKind::InvalidSubcommand) else {
        return error;
    };
    if let Some(name) = args
        .first()
        .map(Path::new)
        .and_then(Path::file_name)
        .and_then(OsStr::to_str)
    {
        root.set_bin_name(name);
    }
    root.build();
    let parent = parent(&mut root, args, unknown);
    let styles = parent.get_styles().clone();
    let (invalid, valid) = (styles.get_invalid(), styles.get_valid());
    let mut text = String::new();
    let _ = writeln!(text, "unrecognized command '{invalid}{unknown}{invalid:#}'");
    if let Some(ContextValue::Strings(near)) = error.get(ContextKind::SuggestedSubcommand) {
        // clap has the nearest last.
        if let Some(nearest) = near.last() {
            let _ = writeln!(
                text,
                "\n  {valid}tip:{valid:#} a similar command exists: '{valid}{nearest}{valid:#}'"
            );
        }
    }
    let header = styles.get_header();
    let _ = write!(text, "\n{header}Commands:{header:#}{}", list(parent));
    parent.error(ErrorKind::InvalidSubcommand, text)
}

/// The command that has no subcommand with this name.
fn parent<'a>(root: &'a mut Command, args: &[OsString], unknown: &str) -> &'a mut Command {
    let mut command = root;
    for arg in args.iter().skip(1).filter_map(|arg| arg.to_str()) {
        let group = command.find_subcommand(arg);
        if arg == unknown || !group.is_none_or(Command::has_subcommands) {
            break;
        }
        if group.is_some() && !is_claps_help(command, arg) {
            command = command
                .find_subcommand_mut(arg)
                .unwrap_or_else(|| unreachable!("it was found"));
        }
    }
    command
}

/// Whether the subcommand `name` is the one that clap adds.
fn is_claps_help(parent: &Command, name: &str) -> bool {
    name == "help" && !parent.is_disable_help_subcommand_set()
}

/// The names of the commands, broken into lines.
fn list(parent: &Command) -> String {
    let shown = parent
        .get_subcommands()
        .filter(|command| !command.is_hide_set());
    let names: Vec<&str> = shown
        .map(Command::get_name)
        .filter(|name| !is_claps_help(parent, name))
        .collect();
    let mut text = String::new();
    let mut column = "Commands:".len();
    let mut words: Vec<String> = vec![];
    for (i, name) in names.iter().take(SHOWN).enumerate() {
        let comma = if i + 1 < names.len() { "," } else { "" };
        words.push(std::format!("{name}{comma}"));
    }
    if names.len() > SHOWN {
        words.push(std::format!("and {} more", names.len() - SHOWN));
    }
    for word in &words {
        if column + 1 + word.len() > WIDTH {
            text.push_str("\n ");
            column = 1;
        }
        text.push(' ');
        text.push_str(word);
        column += 1 + word.len();
    }
    text
}

//! Completion by the program itself: a shell asks it at each press of the tab key.

use std::any::Any;
use std::borrow::ToOwned;
use std::boxed::Box;
use std::path::Path;
use std::string::String;
use std::vec::Vec;
use std::{env, fs};

use clap::{Arg, ArgMatches, Command, ValueHint};
use clap_complete::engine::ArgValueCompleter;
use clap_complete::env::CompleteEnv;

use super::candidate::{Candidate, complete_with, completer};

/// The variable by which a shell asks, as clap's documentation has it.
pub(super) const VARIABLE: &str = "COMPLETE";

/// Answers a shell that asks; whether one did. `tree` is that of the program, and `app` makes its app
/// of a line that is not finished.
pub(super) fn answer(
    tree: impl Fn() -> Command,
    app: impl FnOnce(ArgMatches) -> Option<Box<dyn Any>>,
) -> Result<bool, clap::Error> {
    let asks = env::var_os(VARIABLE).is_some_and(|shell| !shell.is_empty() && shell != *"0");
    if !asks {
        return Ok(false);
    }
    let words = env::args_os().skip_while(|word| word != "--").skip(1);
    let line = tree().ignore_errors(true).subcommand_required(false);
    if let Some(app) = line
        .try_get_matches_from(words)
        .ok()
        .and_then(|line| app(innermost(line)))
    {
        complete_with(app);
    }
    let directory = env::current_dir().ok();
    CompleteEnv::with_factory(|| known(tree())).try_complete(env::args_os(), directory.as_deref())
}

/// What stands behind the command is the app's too.
fn innermost(mut line: ArgMatches) -> ArgMatches {
    while let Some((_, inner)) = line.remove_subcommand() {
        line = inner;
    }
    line
}

/// Completes what is the same everywhere, in each command.
fn known(command: Command) -> Command {
    command.mut_subcommands(known).mut_args(known_values)
}

/// Completes users and hosts.
fn known_values(arg: Arg) -> Arg {
    if arg.get::<ArgValueCompleter>().is_some() {
        return arg;
    }
    match arg.get_value_hint() {
        ValueHint::Username => arg.add(completer(|_| users(Path::new("/etc/passwd")))),
        ValueHint::Hostname => arg.add(completer(|_| hosts())),
        _ => arg,
    }
}

/// The users in a file of the form of `/etc/passwd`, with their names.
fn users(file: &Path) -> Vec<Candidate> {
    let text = fs::read_to_string(file).unwrap_or_default();
    let user = |line: &str| {
        let mut fields = line.split(':');
        let user = fields.next().filter(|user| !user.is_empty())?.to_owned();
        let name = fields.nth(3).unwrap_or_default();
        Some(Candidate::new(user).help(name.trim_end_matches(',')))
    };
    text.lines().filter_map(user).collect()
}

/// The hosts that the system and ssh know by name.
fn hosts() -> Vec<Candidate> {
    let mut hosts = names(Path::new("/etc/hosts"), |line| {
        line.split_whitespace().skip(1).map(String::from).collect()
    });
    if let Some(home) = env::var_os("HOME") {
        let known = Path::new(&home).join(".ssh/known_hosts");
        hosts.extend(names(&known, |line| {
            let first = line.split_whitespace().next().unwrap_or_default();
            let plain = first
                .split(',')
                .filter(|name| !name.starts_with(['|', '[', '@']));
            plain.map(String::from).collect()
        }));
    }
    hosts.sort_unstable();
    hosts.dedup();
    hosts.into_iter().map(Candidate::new).collect()
}

/// The names in the lines of a file that are no comments.
fn names(file: &Path, of_line: fn(&str) -> Vec<String>) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap_or_default();
    let lines = text
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default());
    lines.flat_map(of_line).collect()
}

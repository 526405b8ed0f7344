//! The command half: what a command line does, one family a module.

mod arguments;
mod asynchronous;
mod clap_derive;
mod collisions;
#[cfg(unix)]
mod completes;
mod contract;
mod derive;
mod describes;
mod exclusive;
#[cfg(unix)]
mod golden;
mod help;
mod hygiene;
#[cfg(unix)]
mod layers;
mod options;
mod processes;
mod programs;
#[cfg(target_os = "linux")]
mod prompts;
mod returns;
mod several;
mod two_ways;
mod types;
mod unnamed;
#[cfg(unix)]
mod usual;

use std::fmt::Debug;

use lazy_prop::command::clap::error::ErrorKind;
use lazy_prop::command::{App, Cli, Error};

/// Records what a command got, for the test to look at: a thread runs one test at a time.
pub fn got(value: &impl Debug) {
    GOT.set(format!("{value:?}"));
}

thread_local!(static GOT: std::cell::RefCell<String> = const { std::cell::RefCell::new(String::new()) });

/// What the command gets from a line: the program's name stands before it.
#[track_caller]
pub fn gives<A: App>(cli: Cli<A>, line: &[&str]) -> String {
    match cli.try_run_from(["app"].iter().chain(line)) {
        Ok(_) => GOT.take(),
        Err(error) => panic!("{line:?} fails: {error}"),
    }
}

/// The kind and the text of the error that a line gives.
#[track_caller]
pub fn refuses<A: App>(cli: Cli<A>, line: &[&str]) -> (ErrorKind, String) {
    let outcome = cli.try_run_from(["app"].iter().chain(line));
    match outcome.as_ref().map_err(Error::usage) {
        Err(Some(error)) => (error.kind(), error.to_string()),
        _ => panic!("{line:?} gives {outcome:?}"),
    }
}

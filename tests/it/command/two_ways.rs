//! A line that names its command is parsed against that command alone; it must not show.

use std::path::PathBuf;

use lazy_prop::command::{Cli, Error};
use lazy_prop::{cli, command, commands};

use crate::got;

/// Add a service.
#[command(alias = "new")]
fn add(
    service: String,
    #[arg(short, long, default_value_t = 1)] count: u8,
    verbose: bool,
) -> Result<(), String> {
    got(&(&service, count, verbose));
    if service == "bad" {
        Err("no such service".into())
    } else {
        Ok(())
    }
}

/// List the services.
#[command(visible_alias = "ls")]
fn list(#[arg(long)] zeta: bool, files: Vec<PathBuf>) {
    got(&(zeta, files));
}

/// Add a remote.
#[command(group = "remote", name = "add")]
fn add_remote(url: String) {
    got(&url);
}

#[command(group = "remote", name = "list")]
fn list_remotes() {
    got(&"remotes");
}

fn direct() -> Cli {
    cli!(commands![add, list, add_remote, list_remotes])
}

/// A program with a setting that takes every line through the full tree.
fn full(line: &[&str]) -> Result<String, String> {
    let root = direct().clap();
    let line = std::iter::once("app").chain(line.iter().copied());
    match root.try_get_matches_from(line) {
        Ok(_) => Ok(String::new()),
        Err(error) => Err(error.to_string()),
    }
}

const LINES: &[&[&str]] = &[
    &["add", "svc"],
    &["add", "svc", "-c", "3", "--verbose"],
    &["add", "list"],
    &["add"],
    &["add", "svc", "extra"],
    &["add", "--count"],
    &["add", "svc", "--count", "x"],
    &["add", "svc", "--count", "300"],
    &["add", "svc", "--coutn", "3"],
    &["add", "svc", "--zeta"],
    &["add", "svc", "-z"],
    &["add", "--", "-x"],
    &["add", "help"],
    &["add", "-h"],
    &["add", "--help"],
    &["add", "--version"],
    &["new", "svc"],
    &["new"],
    &["list"],
    &["list", "--zeta", "a", "b"],
    &["list", "--zeta=1"],
    &["ls", "--zet"],
    &["remote", "add", "url"],
    &["remote", "add"],
    &["remote", "add", "url", "more"],
    &["remote", "list"],
    &["remote", "list", "-x"],
    &["remote"],
    &["remote", "--help"],
    &["remote", "help", "add"],
    &["help"],
    &["help", "add"],
    &["help", "remote", "add"],
    &["-h"],
    &["--help"],
    &["--version"],
    &["-V", "add"],
    &["--zeta"],
    &["--zeta", "list"],
    &["--", "add"],
    &[""],
    &[],
];

#[test]
fn both_ways_say_the_same() {
    for line in LINES {
        let ran = direct().try_run_from(std::iter::once(&"app").chain(*line));
        let said = match ran {
            Ok(_) => Ok(String::new()),
            Err(Error::Usage(error)) => Err(error.to_string()),
            Err(error) => panic!("{error}"),
        };
        let full = full(line);
        // The list under an unknown command is ours; clap has no such text to compare with.
        if full
            .as_ref()
            .is_err_and(|text| text.contains("unrecognized subcommand"))
        {
            assert!(
                said.is_err_and(|text| text.contains("unrecognized command")),
                "{line:?}"
            );
        } else {
            assert_eq!(said, full, "{line:?}");
        }
    }
}

#[test]
fn both_ways_give_the_same_values() {
    for (line, value) in [
        (&["add", "list"][..], r#"("list", 1, false)"#),
        (&["new", "list"], r#"("list", 1, false)"#),
        (&["list", "add"], r#"(false, ["add"])"#),
        (&["ls", "add"], r#"(false, ["add"])"#),
        (&["remote", "add", "x"], r#""x""#),
    ] {
        assert_eq!(crate::gives(direct(), line), value);
    }
}

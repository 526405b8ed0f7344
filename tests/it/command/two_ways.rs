//! A line that names its command is parsed against that command alone; it must not show.

use std::path::PathBuf;

use lazy_prop::command::Cli;
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
            Err(error) => Err(error.usage().unwrap().to_string()),
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

mod own {
    use crate::got;

    /// Show a page.
    #[lazy_prop::command]
    pub fn help(page: Option<String>) {
        got(&("help", page));
    }

    /// Show how remotes work.
    #[lazy_prop::command(group = "remote", name = "help")]
    pub fn help_remote() {
        got(&"help of remotes");
    }

    /// List the pages.
    #[lazy_prop::command(group = "help", name = "pages")]
    pub fn help_pages() {
        got(&"pages");
    }

    /// Explain.
    #[lazy_prop::command(alias = "help")]
    pub fn explain() {
        got(&"explained");
    }
}

/// What a line gives, by a prefix too: then the full tree is asked.
#[track_caller]
fn both(cli: fn() -> Cli, line: &[&str]) -> String {
    let full = cli().configure(|root| root.infer_subcommands(true));
    let given = crate::gives(cli(), line);
    let (last, rest) = line.split_last().unwrap();
    let shortened = [rest, &[&last[..last.len() - 1]]].concat();
    assert_eq!(crate::gives(full, &shortened), given);
    given
}

#[test]
fn a_command_named_help_runs() {
    let cli = || cli!(commands![own::help, add_remote, list]);
    assert_eq!(both(cli, &["help"]), r#"("help", None)"#);
    assert_eq!(
        crate::gives(cli(), &["help", "list"]),
        r#"("help", Some("list"))"#
    );
    let (_, text) = crate::refuses(cli(), &["--help"]);
    assert_eq!(text.matches("\n  help ").count(), 1, "{text}");
    assert!(text.contains("  help    Show a page\n"), "{text}");
    let (_, text) = crate::refuses(cli(), &["bogus"]);
    assert!(text.contains("Commands: help, remote, list\n"), "{text}");
    cli().clap().debug_assert();
}

#[test]
fn a_group_named_help_runs() {
    let cli = || cli!(commands![own::help_pages, list]);
    assert_eq!(both(cli, &["help", "pages"]), r#""pages""#);
    let (_, text) = crate::refuses(cli(), &["help", "bogus"]);
    assert!(text.contains("Commands: pages\n"), "{text}");
    cli().clap().debug_assert();
}

#[test]
fn a_command_named_help_in_a_group_runs() {
    let cli = || cli!(commands![own::help_remote, add_remote, list]);
    assert_eq!(both(cli, &["remote", "help"]), r#""help of remotes""#);
    let (_, text) = crate::refuses(cli(), &["remote", "bogus"]);
    assert!(text.contains("Commands: help, add\n"), "{text}");
    // Elsewhere it is clap's.
    let (_, text) = crate::refuses(cli(), &["help", "list"]);
    assert!(text.starts_with("List the services\n"), "{text}");
    cli().clap().debug_assert();
}

#[test]
fn a_command_with_the_alias_help_runs() {
    let cli = || cli!(commands![own::explain, list]);
    assert_eq!(crate::gives(cli(), &["help"]), r#""explained""#);
    cli().clap().debug_assert();
}

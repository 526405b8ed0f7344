//! Lines that name no command: the default one, and one that takes any word.

use std::ffi::OsString;

use lazy_prop::command::clap::error::ErrorKind;
use lazy_prop::command::{Cli, ErrorKind as Kind};
use lazy_prop::{cli, command, commands};

use crate::{GOT, gives, got, refuses};

/// Show what runs.
#[command(default)]
fn status(#[arg(short)] long: bool, #[arg(short)] n: Option<u8>) {
    got(&("status", long, n));
}

/// Start one.
#[command]
fn start(service: String) {
    got(&("start", service));
}

#[command(external)]
fn other(words: Vec<OsString>) {
    got(&words);
}

mod remote {
    use super::{OsString, got};

    #[lazy_prop::command(group = "remote", default)]
    pub fn list(names: Vec<String>) {
        got(&("remote list", names));
    }

    #[lazy_prop::command(group = "remote")]
    pub fn add() {
        got(&"remote add");
    }

    #[lazy_prop::command(group = "plug", external)]
    pub fn any(words: Vec<OsString>) {
        got(&("plug", words));
    }

    #[lazy_prop::command(group = "plug")]
    pub fn known() {
        got(&"plug known");
    }
}

fn program() -> Cli {
    cli!(commands![status, start, remote::list, remote::add])
}

fn with_plugins() -> Cli {
    cli!(commands![status, start, other, remote::any, remote::known])
}

#[test]
fn a_line_without_a_command_is_for_the_default_one() {
    for (line, given) in [
        (&[][..], r#"("status", false, None)"#),
        (&["-l"], r#"("status", true, None)"#),
        (&["-n", "3"], r#"("status", false, Some(3))"#),
        (&["status", "-l"], r#"("status", true, None)"#),
        (&["start", "x"], r#"("start", "x")"#),
        (&["remote"], r#"("remote list", [])"#),
        (&["remote", "a", "b"], r#"("remote list", ["a", "b"])"#),
        (&["remote", "add"], r#""remote add""#),
    ] {
        assert_eq!(gives(program(), line), given, "{line:?}");
    }
}

#[test]
fn a_wrong_line_is_told_by_whom_it_was_for() {
    let (kind, text) = refuses(program(), &["statu"]);
    assert_eq!(kind, ErrorKind::InvalidSubcommand);
    assert!(text.contains("similar command exists: 'status'"), "{text}");
    let (kind, text) = refuses(program(), &["-n", "x"]);
    assert_eq!(kind, ErrorKind::ValueValidation);
    assert!(text.contains("invalid value 'x' for '-n <N>'"), "{text}");
    let (kind, text) = refuses(program(), &["-l", "start"]);
    assert_eq!(kind, ErrorKind::UnknownArgument, "{text}");
    assert_eq!(
        refuses(program(), &["start", "-l"]).0,
        ErrorKind::UnknownArgument
    );
}

#[test]
fn help_tells_which_is_the_default() {
    let (kind, text) = refuses(program(), &["--help"]);
    assert_eq!(kind, ErrorKind::DisplayHelp);
    assert!(text.contains("status  Show what runs [default]"), "{text}");
    assert!(text.contains("Usage: app [COMMAND]"), "{text}");
}

#[test]
fn a_word_that_is_no_command_reaches_the_external_one() {
    for (line, given) in [
        (&["deploy"][..], r#"["deploy"]"#),
        (
            &["deploy", "-x", "--", "--help", "start"],
            r#"["deploy", "-x", "--", "--help", "start"]"#,
        ),
        (&["other"], r#"["other"]"#),
        (&["start", "x"], r#"("start", "x")"#),
        (&[], r#"("status", false, None)"#),
        (&["plug", "it", "-v"], r#"("plug", ["it", "-v"])"#),
        (&["plug", "known"], r#""plug known""#),
    ] {
        assert_eq!(gives(with_plugins(), line), given, "{line:?}");
    }
    let (_, help) = refuses(with_plugins(), &["--help"]);
    assert!(!help.contains("other"), "{help}");
    with_plugins().clap().debug_assert();
}

#[command]
struct App {
    #[arg(long)]
    db: Option<String>,
}

#[command]
impl App {
    #[command(default)]
    fn show(&self, #[arg(short)] all: bool) {
        got(&(&self.db, all));
    }

    #[command(external)]
    fn plugin(&self, name: String, words: &[String]) {
        got(&(&self.db, name, words));
    }
}

#[test]
fn the_options_of_the_app_stand_before_it() {
    for (line, given) in [
        (&["--db", "x"][..], r#"(Some("x"), false)"#),
        (&["-a", "--db", "x"], r#"(Some("x"), true)"#),
        (
            &["--db", "x", "x", "y", "-z"],
            r#"(Some("x"), "x", ["y", "-z"])"#,
        ),
    ] {
        App::cli().try_run_from(["app"].iter().chain(line)).unwrap();
        assert_eq!(GOT.take(), given, "{line:?}");
    }
}

mod second {
    #[lazy_prop::command(default)]
    pub fn another() {}

    #[lazy_prop::command(external)]
    pub fn more(words: Vec<String>) {
        let _ = words;
    }
}

#[test]
fn two_of_them_beside_each_other_are_a_mistake() {
    for (cli, word) in [
        (cli!(commands![status, second::another]), "default"),
        (cli!(commands![other, second::more]), "external"),
    ] {
        let error = cli.try_run_from(["app", "nothing"]).unwrap_err();
        assert_eq!(error.kind(), Kind::Mistake);
        assert!(
            error
                .to_string()
                .starts_with(&format!("two commands are `{word}` beside each other: at "))
        );
    }
}

#[test]
fn what_only_clap_lets_through_is_an_unknown_command() {
    let open = cli!(commands![start]).configure(|root| root.allow_external_subcommands(true));
    let (kind, text) = refuses(open, &["strat", "x"]);
    assert_eq!(kind, ErrorKind::InvalidSubcommand);
    assert!(text.contains("unrecognized command 'strat'"), "{text}");
}

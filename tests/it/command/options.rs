//! Options that clap has no word for.

use std::collections::{BTreeMap, HashMap};
use std::io::Write as _;
use std::time::Duration;

use lazy_prop::command::clap::error::ErrorKind;
use lazy_prop::command::{Given, Input, Output, Shell, Source};
use lazy_prop::{cli, command};

use crate::{GOT, gives, got, refuses};

/// Paint.
#[command]
fn paint(
    /// Use colors.
    #[arg(negatable, short, default_value_t = true)]
    color: bool,
    #[arg(negatable, long = "pager")] paging: Option<bool>,
) {
    got(&(color, paging));
}

#[test]
fn a_negatable_flag_is_said_and_taken_back() {
    for (line, given) in [
        (&[][..], "(true, None)"),
        (&["--no-color"], "(false, None)"),
        (&["--no-color", "--color"], "(true, None)"),
        (&["-c", "--no-color"], "(false, None)"),
        (&["--color=false"], "(false, None)"),
        (&["--color=true", "--color=false"], "(false, None)"),
        (&["--pager"], "(true, Some(true))"),
        (&["--no-pager"], "(true, Some(false))"),
        (&["--pager=false"], "(true, Some(false))"),
    ] {
        assert_eq!(gives(cli!(paint), line), given, "{line:?}");
    }
    assert_eq!(
        refuses(cli!(paint), &["--color", "x"]).0,
        ErrorKind::UnknownArgument
    );
    assert_eq!(
        refuses(cli!(paint), &["--color=maybe"]).0,
        ErrorKind::InvalidValue
    );
    let (_, help) = refuses(cli!(paint), &["-h"]);
    for part in [
        "-c, --color[=<COLOR>]",
        "Use colors",
        "--no-color",
        "Take back `--color`",
        "--no-pager",
    ] {
        assert!(help.contains(part), "{help}");
    }
    cli!(paint).clap().debug_assert();
}

#[command]
struct App {
    #[arg(negatable)]
    verbose: bool,
}

#[command]
impl App {
    #[command]
    fn show(&self) {
        got(&self.verbose);
    }
}

#[test]
fn an_app_has_negatable_options_on_both_sides() {
    for (line, given) in [
        (&["show", "--verbose"][..], "true"),
        (&["--verbose", "show"], "true"),
        (&["--verbose", "show", "--no-verbose"], "false"),
        (&["--no-verbose", "show", "--verbose"], "true"),
        (&["show"], "false"),
    ] {
        App::cli().try_run_from(["app"].iter().chain(line)).unwrap();
        assert_eq!(GOT.take(), given, "{line:?}");
    }
}

#[command(env_prefix = "CARGO_PKG_")]
fn prefixed(
    file: Option<String>,
    #[arg(long)] name: String,
    #[arg(long, env = "NO_SUCH_VARIABLE")] version: Option<String>,
    #[arg(long)] rust_version: Option<String>,
) {
    got(&(file, name, version, rust_version.is_some()));
}

#[test]
fn a_prefix_names_a_variable_for_each_option() {
    assert_eq!(gives(cli!(prefixed), &[]), r#"(None, "tests", None, true)"#);
    assert_eq!(
        gives(cli!(prefixed), &["f", "--name", "x"]),
        r#"(Some("f"), "x", None, true)"#
    );
    assert!(
        refuses(cli!(prefixed), &["-h"])
            .1
            .contains("[env: CARGO_PKG_NAME=")
    );
}

#[command]
fn defined(
    #[arg(short = 'D')] defines: BTreeMap<String, u8>,
    #[arg(long)] labels: HashMap<String, String>,
    pairs: Vec<(char, f64)>,
) {
    got(&(defines, labels, pairs));
}

#[test]
fn a_map_is_given_by_pairs() {
    assert_eq!(
        gives(
            cli!(defined),
            &["-Db=2", "-D", "a=1", "-Db=3", "--labels", "x=y=z", "q=1.5"]
        ),
        r#"({"a": 1, "b": 3}, {"x": "y=z"}, [('q', 1.5)])"#
    );
    assert_eq!(gives(cli!(defined), &[]), "({}, {}, [])");
    let (kind, text) = refuses(cli!(defined), &["-Db"]);
    assert_eq!(kind, ErrorKind::ValueValidation);
    assert!(
        text.contains("invalid value 'b' for '-D <KEY=VALUE>': it has no `=`"),
        "{text}"
    );
    let (_, text) = refuses(cli!(defined), &["-D", "=1"]);
    assert!(text.contains("it has no key before its `=`"), "{text}");
    let (_, text) = refuses(cli!(defined), &["-Db=300"]);
    assert!(text.contains("the value: number too large"), "{text}");
}

#[command]
fn known(
    #[arg(long, default_value_t = 4)] jobs: Given<u8>,
    #[arg(long, env = "CARGO_PKG_NAME")] name: Given<Option<String>>,
    #[arg(long)] shell: Given<Option<Shell>>,
    #[arg(long)] quiet: Given<bool>,
    files: Given<Vec<String>>,
) {
    let sources = [
        jobs.source(),
        name.source(),
        shell.source(),
        quiet.source(),
        files.source(),
    ];
    got(&(*jobs, shell.is_some(), *quiet, files.len(), sources));
}

#[test]
fn a_value_knows_where_it_comes_from() {
    assert_eq!(
        gives(cli!(known), &[]),
        "(4, false, false, 0, [Some(Default), Some(Environment), None, Some(Default), None])"
    );
    assert_eq!(
        gives(cli!(known), &["--jobs=4", "--shell", "zsh", "--quiet", "a"]),
        "(4, true, true, 1, [Some(Line), Some(Environment), Some(Line), Some(Line), Some(Line)])"
    );
    known(
        Given::new(1, Some(Source::Line)),
        Given::new(None, None),
        Given::new(None, None),
        Given::new(true, None),
        Given::new(vec![], None),
    );
}

#[command]
fn waiting(#[arg(long, default_value = "1h 30m")] timeout: Duration) {
    got(&timeout);
}

#[test]
fn a_duration_is_written_as_people_do() {
    assert_eq!(gives(cli!(waiting), &[]), "5400s");
    assert_eq!(gives(cli!(waiting), &["--timeout", "2ms"]), "2ms");
    let (kind, text) = refuses(cli!(waiting), &["--timeout", "3"]);
    assert_eq!(kind, ErrorKind::ValueValidation, "{text}");
}

#[command]
fn convert(from: Input, to: Output) -> std::io::Result<()> {
    to.write(from.read()?.to_uppercase())?;
    let mut again = to.create()?;
    again.write_all(b"done")
}

#[test]
fn files_open_late_and_are_named_in_errors() {
    let directory = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (from, to) = (directory.join("from.txt"), directory.join("to.txt"));
    std::fs::write(&from, "text").unwrap();
    let line = [from.to_str().unwrap(), to.to_str().unwrap()];
    gives(cli!(convert), &line);
    assert_eq!(std::fs::read(&to).unwrap(), b"done");

    std::fs::write(&to, "old").unwrap();
    let failed = cli!(convert)
        .try_run_from(["app", "/nowhere", line[1]])
        .unwrap_err();
    assert!(failed.to_string().starts_with("/nowhere: "), "{failed}");
    assert_eq!(std::fs::read(&to).unwrap(), b"old");
    assert_eq!(Input::from("-").to_string(), "standard input");
    assert_eq!(Output::from("-").path(), None);
}

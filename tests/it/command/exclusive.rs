//! Enums whose variants are options, of which a line has one.

use lazy_prop::command::clap::error::ErrorKind;
use lazy_prop::{cli, command, commands};

use crate::{gives, got, refuses};

#[derive(Debug, Clone, PartialEq)]
#[command(exclusive)]
enum Form {
    /// As JSON.
    Json,
    /// As plain text.
    #[arg(short)]
    PlainText,
    /// By a format.
    #[arg(long = "format", value_name = "F")]
    Named(String),
    /// Of this size.
    Size((u32, u32)),
}

#[command]
fn list(#[command(flatten)] form: Form, #[arg(long)] all: bool) {
    got(&(form, all));
}

#[command]
fn show(#[command(flatten)] form: Option<Form>, json: Option<u8>) {
    got(&(form, json));
}

#[command]
#[derive(Debug)]
struct App {
    #[command(flatten)]
    form: Option<Form>,
}

#[command]
impl App {
    #[command]
    fn status(&self) {
        got(&self.form);
    }
}

#[test]
fn a_line_has_one_of_the_options() {
    assert_eq!(gives(cli!(list), &["--json"]), "(Json, false)");
    assert_eq!(gives(cli!(list), &["-p", "--all"]), "(PlainText, true)");
    let line = ["--format", "x"];
    assert_eq!(gives(cli!(list), &line), r#"(Named("x"), false)"#);
    let line = ["--size", "4", "3"];
    assert_eq!(gives(cli!(list), &line), "(Size((4, 3)), false)");
}

#[test]
fn two_of_them_conflict() {
    let (kind, text) = refuses(cli!(list), &["--json", "--format", "x"]);
    assert_eq!(kind, ErrorKind::ArgumentConflict);
    let says = "the argument '--json' cannot be used with '--format <F>'";
    assert!(text.contains(says), "{text}");
}

#[test]
fn one_is_required_unless_it_is_an_option() {
    let (kind, text) = refuses(cli!(list), &[]);
    assert_eq!(kind, ErrorKind::MissingRequiredArgument);
    assert!(text.contains("<--json|-p|--format <F>"), "{text}");
    assert_eq!(gives(cli!(show), &["7"]), "(None, Some(7))");
    assert_eq!(gives(cli!(show), &["--json", "7"]), "(Some(Json), Some(7))");
}

#[test]
fn help_shows_each_option() {
    let (_, help) = refuses(cli!(list), &["--help"]);
    assert!(help.contains("--format <F>          By a format"), "{help}");
    assert!(
        help.contains("-p                        As plain text"),
        "{help}"
    );
    cli!(list).clap().debug_assert();
    cli!(show).clap().debug_assert();
    cli!(commands![list, show]).clap().debug_assert();
}

#[test]
fn an_app_has_one_before_or_behind_its_command() {
    let run = |line: &[&str]| App::cli().try_run_from(["app"].iter().chain(line));
    for line in [["status", "--json"], ["--json", "status"]] {
        run(&line).unwrap();
        run(&["status"]).unwrap();
    }
    let error = run(&["--json", "status", "--format", "x"]).unwrap_err();
    assert!(error.is_usage(), "{error}");
    assert!(error.to_string().contains("one of"), "{error}");
}

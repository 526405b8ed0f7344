//! What clap's derive takes, and so does a signature.

use std::error::Error as StdError;

use lazy_prop::command::ErrorKind as Kind;
use lazy_prop::command::clap::error::ErrorKind;
use lazy_prop::command::clap::{self, ArgGroup};
use lazy_prop::{cli, command};

use crate::{gives, got, refuses};

#[derive(clap::Args, Debug)]
#[allow(dead_code)]
struct Login {
    #[arg(long)]
    user: String,
    #[arg(long, default_value_t = 22)]
    port: u16,
}

#[command]
fn connect(host: String, #[command(flatten)] login: Option<Login>) {
    got(&(host, login));
}

#[test]
fn an_optional_struct_is_there_if_any_of_it_is() {
    let cli = || cli!(connect);
    assert_eq!(gives(cli(), &["db"]), r#"("db", None)"#);
    assert_eq!(
        gives(cli(), &["db", "--user", "me"]),
        r#"("db", Some(Login { user: "me", port: 22 }))"#
    );
    let (kind, text) = refuses(cli(), &["db", "--port", "1"]);
    assert_eq!(kind, ErrorKind::MissingRequiredArgument, "{text}");
}

const LEVELS: &[u8] = &[1, 2];

#[command]
fn defaults(
    #[arg(long, default_values_t = &[4, 5])] sizes: Vec<u32>,
    #[arg(long, default_values_t = [1.5])] ratios: Vec<f64>,
    #[arg(long, default_values_t = LEVELS)] levels: Vec<u8>,
    #[arg(long, default_values_t = vec![String::from("a")])] names: Vec<String>,
) {
    got(&(sizes, ratios, levels, names));
}

#[test]
fn default_values_may_be_borrowed() {
    assert_eq!(
        gives(cli!(defaults), &[]),
        r#"([4, 5], [1.5], [1, 2], ["a"])"#
    );
    assert_eq!(
        gives(cli!(defaults), &["--sizes", "7"]),
        r#"([7], [1.5], [1, 2], ["a"])"#
    );
}

/// Help.
#[command]
fn helped(
    /// Of the doc comment.
    ///
    /// And more of it.
    #[arg(help = "Of the attribute")]
    a: u8,
    /// Of the doc comment too.
    ///
    /// And more.
    #[arg(long_help = "Long, of the attribute")]
    b: u8,
) {
    let _ = (a, b);
}

#[test]
fn help_that_is_said_is_nearer_than_a_doc_comment() {
    let (_, short) = refuses(cli!(helped), &["-h"]);
    assert!(short.contains("<A>  Of the attribute\n"), "{short}");
    assert!(short.contains("<B>  Of the doc comment too\n"), "{short}");
    let (_, long) = refuses(cli!(helped), &["--help"]);
    assert!(!long.contains("more"), "{long}");
    assert!(long.contains("Long, of the attribute"), "{long}");
}

#[command]
fn digits(#[arg(short = '1')] one: bool, #[arg(short = '9', long)] nine: bool, n: Option<i32>) {
    got(&(one, nine, n));
}

#[test]
fn a_digit_may_be_a_flag_beside_a_number() {
    assert_eq!(gives(cli!(digits), &["-1"]), "(true, false, None)");
    assert_eq!(gives(cli!(digits), &["-19", "5"]), "(true, true, Some(5))");
    assert_eq!(
        gives(cli!(digits), &["--", "-5"]),
        "(false, false, Some(-5))"
    );
}

#[command(group(ArgGroup::new("form").required(true).args(["json", "yaml"])))]
fn print(
    #[arg(long)] json: bool,
    #[arg(long)] yaml: bool,
    #[arg(long, requires = "form")] deep: bool,
) {
    got(&(json, yaml, deep));
}

#[command]
fn grouped(
    #[arg(long, group = "input")] file: Option<String>,
    #[arg(long, group = "input")] text: Option<String>,
    #[arg(long, requires = "input")] strict: bool,
) {
    got(&(file, text, strict));
}

#[test]
fn groups_of_arguments_are_said_as_in_clap() {
    assert_eq!(
        gives(cli!(print), &["--json", "--deep"]),
        "(true, false, true)"
    );
    assert_eq!(
        refuses(cli!(print), &["--json", "--yaml"]).0,
        ErrorKind::ArgumentConflict
    );
    assert_eq!(
        refuses(cli!(print), &[]).0,
        ErrorKind::MissingRequiredArgument
    );
    assert_eq!(
        gives(cli!(grouped), &["--text", "x", "--strict"]),
        r#"(None, Some("x"), true)"#
    );
    assert_eq!(
        refuses(cli!(grouped), &["--strict"]).0,
        ErrorKind::MissingRequiredArgument
    );
}

#[command]
fn refused() -> Result<(), clap::Error> {
    Err(clap::Error::raw(
        ErrorKind::ValueValidation,
        "the port is taken",
    ))
}

#[command]
fn refused_in_a_box(shared: bool) -> Result<(), Box<dyn StdError>> {
    if shared {
        Err(clap::Error::raw(ErrorKind::ValueValidation, "shared"))?;
    }
    refused()?;
    Ok(())
}

#[command]
fn inner() -> Result<(), lazy_prop::command::Error> {
    cli!(connect).try_run_from(["connect"]).map(drop)
}

#[test]
fn an_error_of_clap_s_that_a_command_returns_is_wrong_usage() {
    for error in [
        cli!(refused).try_run_from(["app"]).unwrap_err(),
        cli!(refused_in_a_box).try_run_from(["app"]).unwrap_err(),
        cli!(inner).try_run_from(["app"]).unwrap_err(),
    ] {
        assert_eq!(
            (error.kind(), error.exit_code()),
            (Kind::Usage, 2),
            "{error}"
        );
        assert!(error.failure().is_none() && error.usage().is_some());
    }
}

#[command]
struct App {
    #[arg(long)]
    user: Option<String>,
    #[arg(long, requires = "user")]
    password: Option<String>,
}

#[command]
impl App {
    #[command]
    fn show(&self) {
        got(&(&self.user, &self.password));
    }
}

#[test]
fn an_option_of_an_app_may_require_another_on_either_side() {
    let app = |line: &[&str]| App::cli().try_run_from(["app"].iter().chain(line));
    for line in [
        &["--user", "u", "--password", "p", "show"][..],
        &["show", "--user", "u", "--password", "p"],
        &["--user", "u", "show", "--password", "p"],
        &["--password", "p", "show", "--user", "u"],
    ] {
        assert!(app(line).is_ok(), "{line:?}");
    }
    for line in [
        &["--password", "p", "show"][..],
        &["show", "--password", "p"],
    ] {
        let error = app(line).unwrap_err();
        assert_eq!(
            error.usage().unwrap().kind(),
            ErrorKind::MissingRequiredArgument
        );
    }
}

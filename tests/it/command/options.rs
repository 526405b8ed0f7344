//! Options that clap has no word for.

use lazy_prop::command::clap::error::ErrorKind;
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

//! Names that meet: an app's option and a parameter, clap's flags, two options, two commands.

use lazy_prop::command::clap::error::ErrorKind;
use lazy_prop::command::{Cli, Error, ErrorKind as Kind};
use lazy_prop::{cli, command, commands};

use crate::{GOT, gives, got, refuses};

#[command]
struct App {
    #[arg(long)]
    name: Option<String>,
    #[arg(long)]
    level: Option<u8>,
}

#[command]
impl App {
    #[command]
    fn add(&self, name: String, level: f64) {
        got(&(&self.name, name, self.level, level));
    }

    const BEFORE_TWICE: u32 = line!();

    #[command]
    fn twice(&self, #[arg(long = "name")] other: String) {
        got(&other);
    }
}

fn app(line: &[&str]) -> Result<String, Error> {
    App::cli().try_run_from(["app"].iter().chain(line))?;
    Ok(GOT.take())
}

#[test]
fn a_parameter_of_an_app_s_option_s_name_is_its_own() {
    assert_eq!(
        app(&["add", "x", "1.5"]).unwrap(),
        r#"(None, "x", None, 1.5)"#
    );
    let both = ["--name", "n", "add", "x", "2", "--level", "7"];
    assert_eq!(app(&both).unwrap(), r#"(Some("n"), "x", Some(7), 2.0)"#);
    let missing = app(&["--name", "n", "add"]).unwrap_err();
    assert!(missing.to_string().contains("<NAME>"), "{missing}");
}

#[test]
fn an_option_that_the_app_has_too_is_a_mistake_that_names_both() {
    let error = app(&["twice", "--name", "x"]).unwrap_err();
    assert_eq!((error.kind(), error.exit_code()), (Kind::Mistake, 1));
    let text = error.to_string();
    assert!(
        text.starts_with(
            "two options of `twice` are named `--name`: `name` of the app and `other`: at "
        ),
        "{text}"
    );
    let line = App::BEFORE_TWICE + 3;
    assert!(
        text.ends_with(&format!("collisions.rs:{line}")),
        "the method's own line, {line}: {text}"
    );
    assert!(std::panic::catch_unwind(|| App::cli().clap()).is_err());
}

mod flags {
    use super::{command, got};

    #[command]
    pub fn install(version: String, help: Option<u8>) {
        got(&(version, help));
    }

    #[command]
    pub fn connect(#[arg(short = 'h', long)] host: String, #[arg(short = 'V')] very: bool) {
        got(&(host, very));
    }

    #[command]
    pub fn ask(#[arg(long)] help: Option<String>, #[arg(long)] version: Option<String>) {
        got(&(help, version));
    }
}

#[test]
fn parameters_may_be_called_help_and_version() {
    assert_eq!(
        gives(cli!(flags::install), &["1.2", "3"]),
        r#"("1.2", Some(3))"#
    );
    let listed = || cli!(commands![flags::install, flags::ask]);
    assert_eq!(gives(listed(), &["install", "1.2"]), r#"("1.2", None)"#);
    assert_eq!(
        refuses(listed(), &["install", "--help"]).0,
        ErrorKind::DisplayHelp
    );
    assert_eq!(
        refuses(cli!(flags::install), &["--version"]).0,
        ErrorKind::DisplayVersion
    );
    listed().clap().debug_assert();
}

#[test]
fn an_option_takes_a_name_from_clap_s_flag_which_keeps_the_other() {
    let one = || cli!(flags::connect);
    assert_eq!(gives(one(), &["-h", "db", "-V"]), r#"("db", true)"#);
    let (kind, help) = refuses(one(), &["--help"]);
    assert_eq!(kind, ErrorKind::DisplayHelp);
    assert!(help.contains("      --help         Print help"), "{help}");
    assert_eq!(refuses(one(), &["--version"]).0, ErrorKind::DisplayVersion);

    let one = || cli!(flags::ask);
    assert_eq!(gives(one(), &["--help", "me"]), r#"(Some("me"), None)"#);
    assert_eq!(refuses(one(), &["-h"]).0, ErrorKind::DisplayHelp);
    assert_eq!(refuses(one(), &["-V"]).0, ErrorKind::DisplayVersion);
    one().clap().debug_assert();
}

#[command]
struct Host {
    #[arg(short = 'h', long)]
    host: Option<String>,
}

#[command]
impl Host {
    #[command(group = "deep")]
    fn show(&self, #[arg(long)] help: Option<String>) {
        got(&(&self.host, help));
    }

    #[command]
    fn plain(&self) {
        got(&self.host);
    }
}

#[test]
fn an_app_s_option_takes_it_from_all_commands() {
    let host = |line: &[&str]| Host::cli().try_run_from(["app"].iter().chain(line));
    for line in [&["plain", "-h", "x"][..], &["-h", "x", "plain"]] {
        host(line).unwrap();
        assert_eq!(GOT.take(), r#"Some("x")"#);
    }
    host(&["deep", "show", "-h", "x", "--help", "y"]).unwrap();
    assert_eq!(GOT.take(), r#"(Some("x"), Some("y"))"#);
    for line in [&["--help"][..], &["plain", "--help"], &["deep", "--help"]] {
        assert_eq!(host(line).unwrap_err().kind(), Kind::Help);
    }
    Host::cli().clap().debug_assert();
}

mod aliases {
    #[lazy_prop::command(alias = "rm")]
    pub fn remove() {}

    #[lazy_prop::command(visible_alias = "rm")]
    pub fn erase() {}

    #[lazy_prop::command(alias = "remove")]
    pub fn clear() {}
}

#[test]
fn an_alias_of_two_commands_is_a_mistake_that_names_both_places() {
    let told = |cli: Cli, line: &str| {
        let error = cli.try_run_from(["app", line]).unwrap_err();
        assert_eq!(error.mistake().unwrap().places().len(), 2);
        error.to_string()
    };
    let text = told(cli!(commands![aliases::remove, aliases::erase]), "rm");
    assert!(
        text.starts_with("two commands have the name `rm`: at "),
        "{text}"
    );
    let text = told(cli!(commands![aliases::remove, aliases::clear]), "--help");
    assert!(
        text.starts_with("two commands have the name `remove`: at "),
        "{text}"
    );
}

lazy_prop::options! { shared:
    quiet => #[arg(long, conflicts_with = "loud")],
    loud => #[arg(long, action = lazy_prop::command::clap::ArgAction::Count)],
    low => #[arg(long, value_parser = number)],
}

fn number(text: &str) -> Result<u8, std::num::ParseIntError> {
    text.parse()
}

mod told_at_start {
    use lazy_prop::command;
    use lazy_prop::command::clap::{self, ArgAction};

    #[command(options = super::shared)]
    pub fn alone(quiet: bool) {
        let _ = quiet;
    }

    #[command(options = super::shared)]
    pub fn both(quiet: bool, loud: u8) {
        crate::got(&(quiet, loud));
    }

    type Flag = bool;

    #[command]
    pub fn counted(#[arg(short = 'v', action = ArgAction::Count)] verbose: Flag) {
        let _ = verbose;
    }

    #[command(options = super::shared)]
    pub fn other_type(low: u16) {
        let _ = low;
    }

    #[derive(clap::Args)]
    pub struct Common {
        #[arg(long)]
        pub level: u8,
    }

    #[command]
    pub fn flat(#[arg(long)] level: u8, #[command(flatten)] common: Common) {
        let _ = (level, common.level);
    }
}

#[test]
fn what_clap_says_in_a_debug_build_alone_is_told_at_each_start() {
    for (cli, line, text) in [
        (
            cli!(told_at_start::alone),
            &["--quiet"][..],
            "`quiet` of `tests` names `loud`, and no argument has that name",
        ),
        (
            cli!(told_at_start::counted),
            &["-v"],
            "`verbose` is counted, so its type is `u8`",
        ),
        (
            cli!(told_at_start::other_type),
            &["--low=1"],
            "the `value_parser` of `low` makes values of another type",
        ),
        (
            cli!(told_at_start::flat),
            &["--level=1"],
            "two options of `tests` are named `level`: `level` and `level`",
        ),
    ] {
        let error = cli.try_run_from(["app"].iter().chain(line)).unwrap_err();
        assert_eq!(error.kind(), Kind::Mistake, "{error}");
        let (said, place) = error
            .to_string()
            .split_once(": at ")
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .unwrap();
        assert_eq!(said, text);
        assert!(place.contains("collisions.rs:"));
    }
    assert_eq!(
        gives(cli!(told_at_start::both), &["--loud", "--loud"]),
        "(false, 2)"
    );
    assert_eq!(
        refuses(cli!(told_at_start::both), &["--loud", "--quiet"]).0,
        ErrorKind::ArgumentConflict
    );
}

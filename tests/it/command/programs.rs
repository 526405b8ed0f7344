//! Lists, groups, names and headings: programs of several commands.

use lazy_prop::command::clap::error::ErrorKind;
use lazy_prop::command::{ErrorKind as Kind, clap};
use lazy_prop::{cli, command, commands, options};

use crate::{gives, got, refuses};

/// Create one.
#[command]
fn create() {
    got(&"create");
}

/// Delete one.
#[command(alias = "rm", visible_alias = "del")]
fn delete() {
    got(&"delete");
}

mod nested {
    /// Add a remote.
    #[lazy_prop::command(group = "remote")]
    pub fn add() {
        crate::got(&"remote add");
    }

    /// Rename a branch of a remote.
    #[lazy_prop::command(group = "remote branch", name = "mv")]
    pub(crate) fn rename(to: String) {
        crate::got(&to);
    }
}

fn program() -> lazy_prop::command::Cli {
    cli!(commands![create, delete, nested::add, nested::rename])
}

#[test]
fn a_program_is_well_formed() {
    program().clap().debug_assert();
}

#[test]
fn a_name_or_an_alias_chooses() {
    assert_eq!(gives(program(), &["create"]), r#""create""#);
    for name in ["delete", "rm", "del"] {
        assert_eq!(gives(program(), &[name]), r#""delete""#);
    }
    assert_eq!(
        gives(
            program().configure(|root| root.infer_subcommands(true)),
            &["cre"]
        ),
        r#""create""#
    );
}

#[test]
fn groups_nest() {
    assert_eq!(gives(program(), &["remote", "add"]), r#""remote add""#);
    assert_eq!(gives(program(), &["remote", "branch", "mv", "x"]), r#""x""#);
    let (kind, text) = refuses(program(), &["help", "remote", "branch", "mv"]);
    assert_eq!(kind, ErrorKind::DisplayHelp);
    assert!(text.contains("Usage: app remote branch mv <TO>"), "{text}");
    let (kind, text) = refuses(program().group("remote", "Work with others"), &["remote"]);
    assert_eq!(kind, ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand);
    assert!(
        text.contains("Work with others") && text.contains("Add a remote"),
        "{text}"
    );
}

#[test]
fn an_unknown_command_lists_what_there_is() {
    let (kind, text) = refuses(program(), &["crate"]);
    assert_eq!(kind, ErrorKind::InvalidSubcommand);
    assert_eq!(
        text,
        "\
error: unrecognized command 'crate'

  tip: a similar command exists: 'create'

Commands: create, delete, remote

Usage: app <COMMAND>

For more information, try '--help'.
"
    );
    let (_, text) = refuses(program(), &["xyz"]);
    assert!(
        !text.contains("tip:") && text.contains("Commands: create, delete, remote\n"),
        "{text}"
    );
    let (_, text) = refuses(program(), &["remote", "ad"]);
    assert!(
        text.contains("Commands: add, branch\n") && text.contains("Usage: app remote <COMMAND>"),
        "{text}"
    );
    let (_, text) = refuses(program(), &["help", "remote", "ad"]);
    assert!(text.contains("'ad'"), "{text}");
}

#[test]
fn one_command_stays_one() {
    assert_eq!(gives(cli!(create), &[]), r#""create""#);
    assert_eq!(
        refuses(cli!(create), &["create"]).0,
        ErrorKind::UnknownArgument
    );
    assert_eq!(gives(cli!(commands![create]), &["create"]), r#""create""#);
}

mod twice {
    #[lazy_prop::command(name = "create")]
    pub fn other() {}

    #[lazy_prop::command(name = "remote")]
    pub fn command_and_group() {}
}

#[test]
fn two_of_one_name_are_an_error_with_both_places() {
    for (cli, name) in [
        (cli!(commands![create, twice::other]), "create"),
        (
            cli!(commands![twice::command_and_group, nested::add]),
            "remote",
        ),
        (
            cli!(commands![nested::add, twice::command_and_group]),
            "remote",
        ),
    ] {
        let error = cli.try_run_from(["app", name]).unwrap_err();
        let [first, second] = error.mistake().unwrap().places() else {
            panic!("{error}")
        };
        assert_ne!(first, second);
        assert!(first.to_string().contains("programs.rs:"));
        assert_eq!(
            error.to_string(),
            format!("two commands are named `{name}`: at {first} and at {second}")
        );
        assert_eq!(error.exit_code(), 1);
    }
}

mod headed {
    /// Start it.
    #[lazy_prop::command(help_heading = "Running")]
    pub fn start() {}

    /// Stop it.
    #[lazy_prop::command(help_heading = "Running")]
    pub fn stop() {}

    /// Not for all.
    #[lazy_prop::command(hide)]
    pub fn secret() {}
}

#[test]
fn commands_stand_under_headings() {
    let (_, text) = refuses(
        cli!(commands![
            create,
            headed::start,
            headed::stop,
            headed::secret
        ]),
        &["--help"],
    );
    let expected = "
Running:
  start  Start it
  stop   Stop it

Commands:
  create  Create one
  help    Print this message or the help of the given subcommand(s)
";
    assert!(text.contains(expected), "{text}");
    let (_, text) = refuses(cli!(commands![create, headed::start]), &["star"]);
    assert!(text.contains("Commands: create, start\n"), "{text}");
}

options! { pub(crate) shared:
    /// Directory to run in.
    ///
    /// All relative paths start there.
    working_directory => #[arg(short = 'w', long, default_value = HOME)],
    /// Say more.
    verbose => #[arg(short)],
    level => #[arg(long, value_parser = parse_level)],
}

const HOME: &str = "/home";

/// Private, and yet seen from wherever the dictionary is used.
fn parse_level(text: &str) -> Result<NotParsed, String> {
    if text == "high" {
        Ok(NotParsed(1))
    } else {
        Err("it is too low".into())
    }
}

#[derive(Clone, Debug)]
pub struct NotParsed(#[allow(dead_code)] u8);

mod users {
    use std::path::PathBuf;

    use super::NotParsed;

    #[lazy_prop::command(options = crate::programs::shared)]
    pub fn plain(
        service: String,
        working_directory: PathBuf,
        verbose: bool,
        level: Option<NotParsed>,
    ) {
        crate::got(&(service, working_directory, verbose, level));
    }

    #[lazy_prop::command(options = super::shared, strict)]
    pub fn strict(
        #[arg()] service: String,
        /// Where it runs.
        working_directory: Option<PathBuf>,
        #[arg(long)] verbose: bool,
    ) {
        crate::got(&(service, working_directory, verbose));
    }
}

#[test]
fn a_dictionary_is_found_by_name() {
    let cli = || cli!(users::plain);
    assert_eq!(
        gives(cli(), &["svc", "-v", "--level", "high"]),
        r#"("svc", "/home", true, Some(NotParsed(1)))"#
    );
    assert!(
        refuses(cli(), &["svc", "--level", "low"])
            .1
            .contains("too low")
    );
    assert!(
        refuses(cli(), &["-h"])
            .1
            .contains("Directory to run in [default: /home]")
    );
    assert!(
        refuses(cli(), &["--help"])
            .1
            .contains("All relative paths start there.")
    );
}

#[test]
fn a_parameter_s_own_words_are_nearer() {
    let cli = || cli!(users::strict);
    assert_eq!(
        gives(cli(), &["svc", "--verbose"]),
        r#"("svc", Some("/home"), true)"#
    );
    assert!(refuses(cli(), &["-h"]).1.contains("Where it runs"));
    assert_eq!(refuses(cli(), &["svc", "-v"]).0, ErrorKind::UnknownArgument);
}

#[test]
fn the_tree_is_finished() {
    let root: clap::Command = program().clap();
    let delete = root.find_subcommand("delete").unwrap();
    assert_eq!(delete.get_visible_aliases().collect::<Vec<_>>(), ["del"]);
    let branch = root
        .find_subcommand("remote")
        .unwrap()
        .find_subcommand("branch")
        .unwrap();
    assert_eq!(
        branch
            .find_subcommand("mv")
            .unwrap()
            .get_positionals()
            .count(),
        1
    );
}

#[test]
fn every_command_of_this_program_is_registered() {
    // This test binary has commands of one name in several modules, for it is no real program.
    let error = cli!().try_run_from(["app", "--help"]).unwrap_err();
    assert_eq!(error.kind(), Kind::Mistake);
    // A name that is there once is found all the same.
    assert_eq!(gives(cli!(), &["plain-flag", "x"]), r#"("x", false)"#);
}

#[test]
fn a_command_line_can_be_printed() {
    let text = format!("{:?}", program());
    assert!(
        text.contains(r#"commands: ["create", "delete", "remote add", "remote branch mv"]"#),
        "{text}"
    );
    assert_eq!(format!("{:?}", commands![create]), r#"["create"]"#);
}

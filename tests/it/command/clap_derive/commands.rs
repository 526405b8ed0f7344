//! Commands, and what stands around them.

use std::ffi::OsString;

use lazy_prop::command::clap::error::ErrorKind;
use lazy_prop::{cli, command, commands};

use crate::{gives, got, refuses};

#[command]
fn install(arg: Option<String>) {
    got(&("install", arg));
}

#[command(external)]
fn custom(words: Vec<OsString>) {
    got(&("custom", words));
}

#[test]
fn behind_two_dashes_a_command_s_name_is_an_external_one() {
    let cli = || cli!(commands![install, custom]);
    assert_eq!(
        gives(cli(), &["install", "arg"]),
        r#"("install", Some("arg"))"#
    );
    assert_eq!(
        gives(cli(), &["--", "install", "arg"]),
        r#"("custom", ["install", "arg"])"#
    );
}

#[command]
#[derive(Debug)]
struct Shared {
    #[arg(long)]
    other: bool,
}

#[command]
impl Shared {
    #[command]
    fn all(&self) {
        got(&self.is_no_command());
    }

    fn is_no_command(&self) -> bool {
        self.other
    }
}

#[test]
fn an_option_of_the_app_reaches_each_command_from_either_side() {
    assert_eq!(gives(Shared::cli(), &["all"]), "false");
    assert_eq!(gives(Shared::cli(), &["all", "--other"]), "true");
    assert_eq!(gives(Shared::cli(), &["--other", "all"]), "true");
}

#[test]
fn a_method_without_the_word_is_no_command() {
    assert_eq!(
        refuses(Shared::cli(), &["is-no-command"]).0,
        ErrorKind::InvalidSubcommand
    );
}

macro_rules! with_parameter {
    ($name:ident: $ty:ty) => {
        #[command]
        fn expanded(#[arg(short, long)] $name: $ty) {
            got(&$name);
        }
    };
}

with_parameter!(field: Option<String>);

macro_rules! with_word {
    (#[$word:meta] $name:ident($ty:ty)) => {
        #[$word]
        fn $name(words: $ty) {
            got(&words);
        }
    };
}

with_word!(
    #[command(external)]
    plugged(Vec<OsString>)
);

#[test]
fn a_macro_may_write_the_type_or_the_word() {
    assert_eq!(gives(cli!(expanded), &["--field=x"]), r#"Some("x")"#);
    assert_eq!(gives(cli!(expanded), &[]), "None");
    assert_eq!(
        gives(cli!(commands![expanded, plugged]), &["git", "status"]),
        r#"["git", "status"]"#
    );
}

//! Words that are not UTF-8.
#![cfg(unix)]

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use lazy_prop::command::clap::error::ErrorKind;
use lazy_prop::command::{Cli, Error};
use lazy_prop::{cli, command, commands};

use crate::{GOT, got};

/// A line, of which each `?` is a byte that no text has.
fn line(words: &str) -> Vec<OsString> {
    let bytes = |word: &str| {
        OsStr::from_bytes(
            &word
                .bytes()
                .map(|byte| if byte == b'?' { 0xe9 } else { byte })
                .collect::<Vec<_>>(),
        )
        .to_owned()
    };
    std::iter::once("app")
        .chain(words.split(' '))
        .map(bytes)
        .collect()
}

#[track_caller]
fn is_refused(cli: Cli, words: &str) {
    let outcome = cli.try_run_from(line(words));
    let kind = outcome
        .as_ref()
        .err()
        .and_then(Error::usage)
        .map(|error| error.kind());
    assert_eq!(kind, Some(ErrorKind::InvalidUtf8), "{words}: {outcome:?}");
}

#[track_caller]
fn gives(cli: Cli, words: &str) -> String {
    cli.try_run_from(line(words)).unwrap();
    GOT.take()
}

#[command]
fn strict(#[arg(short, long)] arg: Option<String>, rest: Option<String>) {
    got(&(arg, rest));
}

#[command]
fn any(#[arg(short, long)] arg: Option<OsString>, rest: Option<OsString>) {
    got(&(arg, rest));
}

const SPELLINGS: [&str; 5] = ["-a ?", "-a=?", "-a?", "--arg ?", "--arg=?"];

#[test]
fn a_string_is_utf_8_wherever_it_stands() {
    is_refused(cli!(strict), "?");
    for words in SPELLINGS {
        is_refused(cli!(strict), words);
    }
}

#[test]
fn an_os_string_takes_any_bytes_in_each_spelling() {
    assert_eq!(gives(cli!(any), "?"), r#"(None, Some("\xE9"))"#);
    for words in SPELLINGS {
        assert_eq!(gives(cli!(any), words), r#"(Some("\xE9"), None)"#);
    }
}

#[command(external)]
fn other(words: Vec<OsString>) {
    got(&words);
}

#[test]
fn an_external_command_takes_any_bytes_but_its_name_is_a_text() {
    let cli = || cli!(commands![strict, other]);
    assert_eq!(gives(cli(), "subcommand ?"), r#"["subcommand", "\xE9"]"#);
    is_refused(cli(), "? arg");
}

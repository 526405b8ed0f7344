//! The type of a parameter decides how it is read.

use std::convert::Infallible;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::ValueEnum;
use lazy_prop::command::clap::error::ErrorKind;
use lazy_prop::{cli, command};

use crate::{gives, got, refuses};

#[command]
fn numbers(
    #[arg(long)] a: Option<i8>,
    #[arg(long)] b: Option<u16>,
    #[arg(long)] c: Option<usize>,
    #[arg(long)] d: Option<u128>,
) {
    got(&(a, b, c, d));
}

#[test]
fn an_integer_names_its_range() {
    assert_eq!(
        gives(cli!(numbers), &["--a", "-128", "--c", "7", "--d", "9"]),
        "(Some(-128), None, Some(7), Some(9))"
    );
    for (line, range) in [
        (["--a", "300"], "300 is not in -128..=127"),
        (["--b", "70000"], "70000 is not in 0..=65535"),
        (
            ["--c", "99999999999999999999999"],
            "99999999999999999999999 is not in 0..=18446744073709551615",
        ),
        (
            ["--d=-1", ""],
            "-1 is not in 0..=340282366920938463463374607431768211455",
        ),
    ] {
        let line: Vec<&str> = line
            .iter()
            .copied()
            .filter(|word| !word.is_empty())
            .collect();
        let (kind, text) = refuses(cli!(numbers), &line);
        assert_eq!(kind, ErrorKind::ValueValidation);
        assert!(text.contains(range), "{text}");
    }
    let (_, text) = refuses(cli!(numbers), &["--a", "x"]);
    assert!(text.contains("invalid digit"), "{text}");
}

#[command]
fn negative(#[arg(long)] score: f64, n: i64, rest: Vec<i32>) {
    got(&(score, n, rest));
}

#[test]
fn a_number_may_be_negative() {
    assert_eq!(
        gives(cli!(negative), &["--score", "-5", "-3", "-1", "-2"]),
        "(-5.0, -3, [-1, -2])"
    );
    for score in ["-5", "-0.5", "-5.", "-5e3"] {
        let expected = format!("({:?}, 1, [])", score.parse::<f64>().unwrap());
        assert_eq!(gives(cli!(negative), &["--score", score, "1"]), expected);
    }
}

#[test]
fn what_may_be_options_is_no_number_by_itself() {
    for score in ["-.5", "-inf", "-1e-5"] {
        let (kind, _) = refuses(cli!(negative), &["--score", score, "1"]);
        assert_eq!(kind, ErrorKind::UnknownArgument, "{score}");
        let expected = format!("({:?}, 1, [])", score.parse::<f64>().unwrap());
        let option = format!("--score={score}");
        assert_eq!(gives(cli!(negative), &[&option, "1"]), expected);
        assert_eq!(
            gives(cli!(half), &["--", score]),
            score.replace("-.", "-0.")
        );
    }
}

#[command]
fn half(value: f64) {
    got(&value);
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Mode {
    FastPath,
    Conv,
    Simple,
}

/// Read as its names say, whatever its text is.
impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the mode")
    }
}

#[command]
fn choice(
    #[arg(long, default_value_t = Mode::Simple)] mode: Mode,
    #[arg(long, ignore_case)] loose: Option<Mode>,
) {
    got(&(mode, loose));
}

#[command]
fn choices(#[arg(long, default_values_t = [Mode::Simple, Mode::Conv])] mode: Vec<Mode>) {
    got(&mode);
}

#[test]
fn an_enum_lists_its_values() {
    assert_eq!(
        gives(cli!(choice), &["--mode", "fast-path"]),
        "(FastPath, None)"
    );
    assert_eq!(gives(cli!(choice), &[]), "(Simple, None)");
    assert_eq!(
        gives(cli!(choice), &["--loose", "CONV"]),
        "(Simple, Some(Conv))"
    );
    let (kind, text) = refuses(cli!(choice), &["--mode", "CONV"]);
    assert_eq!(kind, ErrorKind::InvalidValue);
    assert!(
        text.contains("[possible values: fast-path, conv, simple]"),
        "{text}"
    );
    assert_eq!(gives(cli!(choices), &[]), "[Simple, Conv]");
    assert_eq!(gives(cli!(choices), &["--mode", "fast-path"]), "[FastPath]");
    assert_eq!(
        gives(cli!(choices), &["--mode", "conv", "--mode", "simple"]),
        "[Conv, Simple]"
    );
}

type Maybe<T> = Option<T>;
type Names = Vec<String>;

#[command]
fn aliases(
    #[arg(long)] a: Maybe<u8>,
    #[arg(long)] b: std::option::Option<u8>,
    #[arg(long)] c: std::option::Option<Maybe<u8>>,
    names: Names,
) {
    got(&(a, b, c, names));
}

#[test]
fn the_spelling_of_a_type_means_nothing() {
    assert_eq!(gives(cli!(aliases), &[]), "(None, None, None, [])");
    assert_eq!(
        gives(cli!(aliases), &["x", "--c"]),
        r#"(None, None, Some(None), ["x"])"#
    );
    assert_eq!(
        gives(cli!(aliases), &["--a", "1", "--b", "2", "--c", "3"]),
        "(Some(1), Some(2), Some(Some(3)), [])"
    );
}

/// Makes a type whose `FromStr` has the error `$error`.
macro_rules! parsed {
    ($name:ident, $error:ty, $make:expr) => {
        #[derive(Clone, Debug)]
        struct $name(#[allow(dead_code)] String);
        impl FromStr for $name {
            type Err = $error;
            fn from_str(text: &str) -> Result<Self, $error> {
                if text == "bad" {
                    Err($make)
                } else {
                    Ok(Self(text.into()))
                }
            }
        }
    };
}

#[derive(Debug)]
struct Debugged;

#[derive(Debug)]
struct Numbered(#[allow(dead_code)] u8);

struct Mute;

struct Shown;

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it is shown")
    }
}

parsed!(
    Boxed,
    Box<dyn std::error::Error + Send + Sync>,
    "boxed".into()
);
parsed!(Local, Box<dyn std::error::Error>, "local".into());
parsed!(Text, String, "text".into());
parsed!(Show, Shown, Shown);
parsed!(Unit, (), ());
parsed!(Debugging, Debugged, Debugged);
parsed!(Numbering, Numbered, Numbered(7));
parsed!(Silent, Mute, Mute);

#[command]
fn errors(
    #[arg(long)] boxed: Option<Boxed>,
    #[arg(long)] local: Option<Local>,
    #[arg(long)] text: Option<Text>,
    #[arg(long)] show: Option<Show>,
    #[arg(long)] unit: Option<Unit>,
    #[arg(long)] debugging: Option<Debugging>,
    #[arg(long)] numbering: Option<Numbering>,
    #[arg(long)] silent: Option<Silent>,
) {
    got(&(boxed, local, text, show, unit, debugging, numbering, silent));
}

#[test]
fn from_str_may_have_any_error() {
    for (option, message) in [
        ("--boxed", "boxed"),
        ("--local", "local"),
        ("--text", "text"),
        ("--show", "it is shown"),
        ("--unit", "not of the form"),
        ("--debugging", "not of the form"),
        ("--numbering", "Numbered(7)"),
        ("--silent", "not of the form"),
    ] {
        assert!(
            gives(cli!(errors), &[option, "good"]).contains("good"),
            "{option}"
        );
        let (kind, text) = refuses(cli!(errors), &[option, "bad"]);
        assert_eq!(kind, ErrorKind::ValueValidation);
        assert!(text.contains(message), "{text}");
    }
}

#[derive(Clone, Debug)]
struct FromOs(#[allow(dead_code)] OsString);

impl From<OsString> for FromOs {
    fn from(text: OsString) -> Self {
        Self(text)
    }
}

#[command]
fn others(
    os: FromOs,
    boxed: Box<str>,
    shared: std::sync::Arc<str>,
    own: std::net::IpAddr,
    c: char,
) {
    got(&(os, boxed, shared, own, c));
}

#[test]
fn from_conversions_read() {
    assert_eq!(
        gives(cli!(others), &["a", "b", "c", "::1", "x"]),
        r#"(FromOs("a"), "b", "c", ::1, 'x')"#
    );
}

#[command]
fn borrowed<'a>(
    name: &'a str,
    path: &Path,
    #[arg(long)] os: Option<&OsStr>,
    #[arg(long)] maybe: Option<&'a str>,
    #[arg(long, default_value_t = 4)] number: &u32,
    rest: &[PathBuf],
) {
    got(&(name, path, os, maybe, number, rest));
}

#[test]
fn borrows_read_what_they_borrow_from() {
    assert_eq!(
        gives(cli!(borrowed), &["a", "b"]),
        r#"("a", "b", None, None, 4, [])"#
    );
    assert_eq!(
        gives(
            cli!(borrowed),
            &["a", "b", "c", "d", "--os", "e", "--maybe", "f"]
        ),
        r#"("a", "b", Some("e"), Some("f"), 4, ["c", "d"])"#
    );
}

#[cfg(unix)]
#[test]
fn paths_need_not_be_utf_8() {
    use std::os::unix::ffi::OsStrExt;

    #[command]
    fn bytes(path: PathBuf, os: OsString, borrowed: &Path, rest: Vec<FromOs>) {
        got(&(path, os, borrowed, rest));
    }
    let bad = || OsString::from(OsStr::from_bytes(b"\xe9"));
    cli!(bytes)
        .try_run_from(["app".into(), bad(), bad(), bad(), bad()])
        .unwrap();
    let error = cli!(crate::arguments::one)
        .try_run_from(["app".into(), bad()])
        .unwrap_err();
    assert!(error.is_usage());
}

#[command]
fn whole(
    #[arg(long, verbatim, value_parser = words)] words: Vec<String>,
    #[arg(long, verbatim, default_value = "true")] on: bool,
) {
    got(&(words, on));
}

#[expect(clippy::unnecessary_wraps)]
fn words(text: &str) -> Result<Vec<String>, Infallible> {
    Ok(text.split(' ').map(str::to_owned).collect())
}

#[test]
fn verbatim_is_one_value() {
    assert_eq!(
        gives(cli!(whole), &["--words", "a b", "--on", "false"]),
        r#"(["a", "b"], false)"#
    );
}

#[command]
fn defaults(
    #[arg(long, default_value_t)] n: u8,
    #[arg(long, default_value_t = 1 + 1)] m: u64,
    #[arg(long, default_value_t = "x".into())] s: String,
    #[arg(long, default_value_t = PathBuf::from("p"))] p: PathBuf,
) {
    got(&(n, m, s, p));
}

#[test]
fn a_default_may_be_a_value() {
    assert_eq!(gives(cli!(defaults), &[]), r#"(0, 2, "x", "p")"#);
    assert_eq!(gives(cli!(defaults), &["--m=3"]), r#"(0, 3, "x", "p")"#);
    assert!(refuses(cli!(defaults), &["-h"]).1.contains("[default: 2]"));
}

fn known(text: &str) -> Result<&'static str, String> {
    let all = ["red", "green"];
    all.into_iter()
        .find(|word| *word == text)
        .ok_or_else(|| "it is no color".into())
}

#[command]
fn paint(#[arg(value_parser = known)] colors: Vec<&'static str>) {
    got(&colors);
}

#[test]
fn a_list_borrows_what_its_parser_gives() {
    assert_eq!(gives(cli!(paint), &["red", "green"]), r#"["red", "green"]"#);
}

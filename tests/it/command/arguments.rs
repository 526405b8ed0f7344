//! Positional arguments, options and flags.

use std::path::PathBuf;

use lazy_prop::command::clap::error::ErrorKind;
use lazy_prop::{cli, command, commands};

use crate::{gives, got, refuses};

#[command]
pub fn one(service: String) {
    got(&service);
}

#[test]
fn a_positional_is_required() {
    assert_eq!(gives(cli!(one), &["svc"]), r#""svc""#);
    assert_eq!(gives(cli!(one), &[""]), r#""""#);
    let (kind, text) = refuses(cli!(one), &["a", "b"]);
    assert_eq!(kind, ErrorKind::UnknownArgument);
    assert!(text.contains("unexpected argument 'b'"), "{text}");
    let (kind, text) = refuses(cli!(one), &[]);
    assert_eq!(kind, ErrorKind::MissingRequiredArgument);
    assert!(text.contains("<SERVICE>"), "{text}");
}

#[command]
fn rest(first: Option<String>, files: Vec<PathBuf>) {
    got(&(first, files));
}

#[test]
fn a_vec_takes_the_rest() {
    assert_eq!(
        gives(cli!(rest), &["x", "a", "b"]),
        r#"(Some("x"), ["a", "b"])"#
    );
    assert_eq!(gives(cli!(rest), &[]), "(None, [])");
    assert_eq!(
        gives(cli!(rest), &["x", "--", "-y", "--z"]),
        r#"(Some("x"), ["-y", "--z"])"#
    );
}

#[command]
fn early(args: Vec<String>, #[arg(long)] alpha: u32) {
    got(&(args, alpha));
}

#[test]
fn the_rest_may_stand_first_in_the_signature() {
    assert_eq!(
        gives(cli!(early), &["1", "2", "--alpha", "3"]),
        r#"(["1", "2"], 3)"#
    );
}

#[command]
fn flag(#[arg(short, long)] alice: bool) {
    got(&alice);
}

#[command]
fn plain_flag(name: String, verbose: bool) {
    got(&(name, verbose));
}

#[test]
fn a_bool_is_a_flag() {
    assert_eq!(gives(cli!(flag), &["-a"]), "true");
    assert_eq!(gives(cli!(flag), &["--alice"]), "true");
    assert_eq!(gives(cli!(flag), &[]), "false");
    assert_eq!(
        refuses(cli!(flag), &["-a", "-a"]).0,
        ErrorKind::ArgumentConflict
    );
    let (kind, text) = refuses(cli!(flag), &["-a", "foo"]);
    assert_eq!(kind, ErrorKind::UnknownArgument);
    assert!(text.contains("'foo'"), "{text}");
    let (kind, text) = refuses(cli!(flag), &["--alice=true"]);
    assert_eq!(kind, ErrorKind::TooManyValues);
    assert!(text.contains("unexpected value 'true'"), "{text}");
    assert_eq!(
        gives(cli!(plain_flag), &["x", "--verbose"]),
        r#"("x", true)"#
    );
    assert_eq!(
        gives(cli!(plain_flag), &["--verbose", "x"]),
        r#"("x", true)"#
    );
}

#[command]
fn option(#[arg(short, long)] arg: i32) {
    got(&arg);
}

#[command(args_override_self = true)]
fn overriding(#[arg(short, long)] arg: i32) {
    got(&arg);
}

#[test]
fn an_option_is_spelled_in_four_ways() {
    for line in [
        &["-a42"][..],
        &["-a=42"],
        &["--arg=42"],
        &["--arg", "42"],
        &["-a", "42"],
    ] {
        assert_eq!(gives(cli!(option), line), "42", "{line:?}");
    }
    assert_eq!(
        refuses(cli!(option), &["--arg", "24", "--arg", "42"]).0,
        ErrorKind::ArgumentConflict
    );
    assert_eq!(
        gives(cli!(overriding), &["--arg", "24", "--arg", "42"]),
        "42"
    );
}

#[command]
fn tags(#[arg(short)] tag: Vec<String>, #[arg(short)] number: Option<Vec<i32>>) {
    got(&(tag, number));
}

#[test]
fn an_option_repeats() {
    assert_eq!(
        gives(cli!(tags), &["-t", "a", "-t", "b"]),
        r#"(["a", "b"], None)"#
    );
    assert_eq!(
        gives(cli!(tags), &["-n", "1", "-n", "2"]),
        "([], Some([1, 2]))"
    );
}

#[command]
fn kebab(#[arg(long)] working_directory: PathBuf, #[arg(long)] r#type: Option<String>) {
    got(&(working_directory, r#type));
}

#[test]
fn snake_is_kebab() {
    assert_eq!(
        gives(cli!(kebab), &["--working-directory", "/x"]),
        r#"("/x", None)"#
    );
    assert_eq!(
        gives(cli!(kebab), &["--working-directory", "/x", "--type", "t"]),
        r#"("/x", Some("t"))"#
    );
    let (_, text) = refuses(cli!(kebab), &["--working_directory", "/x"]);
    assert!(text.contains("'--working-directory'"), "{text}");
}

#[command]
fn from_env(#[arg(long, env = "LAZY_PROP_TEST_NAME")] name: Option<String>) {
    got(&name);
}

#[test]
fn the_environment_gives_what_the_line_does_not() {
    // The variable is set for the whole process by Cargo: no test may set one safely.
    assert_eq!(gives(cli!(from_env), &[]), "None");
    assert_eq!(gives(cli!(from_env), &["--name", "y"]), r#"Some("y")"#);
    let (_, help) = refuses(cli!(from_env), &["--help"]);
    assert!(help.contains("[env: LAZY_PROP_TEST_NAME=]"), "{help}");
}

#[command]
fn wrap(command: String, #[arg(trailing_var_arg, allow_hyphen_values)] args: Vec<String>) {
    got(&(command, args));
}

#[test]
fn a_command_line_in_a_command_line() {
    assert_eq!(
        gives(cli!(wrap), &["ls", "-la", "--color"]),
        r#"("ls", ["-la", "--color"])"#
    );
}

#[command]
fn related(
    #[arg(long, conflicts_with = "b")] a: bool,
    #[arg(long)] b: bool,
    #[arg(long, requires = "user")] pass: Option<String>,
    #[arg(long)] user: Option<String>,
) {
    got(&(a, b, pass, user));
}

#[test]
fn options_know_each_other() {
    assert_eq!(
        refuses(cli!(related), &["--a", "--b"]).0,
        ErrorKind::ArgumentConflict
    );
    let (kind, text) = refuses(cli!(related), &["--pass", "x"]);
    assert_eq!(kind, ErrorKind::MissingRequiredArgument);
    assert!(text.contains("--user"), "{text}");
}

const WORD: &str = "seven";

fn shout(text: &str) -> Result<String, String> {
    if text.is_empty() {
        Err("say something".into())
    } else {
        Ok(text.to_uppercase())
    }
}

#[command]
fn passed_on(
    #[arg(long, default_value = WORD, value_parser = shout)] word: String,
    #[arg(short, action = clap::ArgAction::Count)] verbose: u8,
    #[arg(long, num_args = 2, value_names = ["X", "Y"])] point: Vec<i32>,
    #[arg(long, default_value_if("word", "A", Some("9")))] given: Option<u8>,
    #[arg(long, required = false, value_delimiter = ',')] list: Vec<u8>,
    #[arg(long, default_missing_value = "always", require_equals)] color: Option<Option<String>>,
) {
    got(&(word, verbose, point, given, list, color));
}

#[test]
fn any_other_word_is_clap_s() {
    assert_eq!(
        gives(cli!(passed_on), &[]),
        r#"("SEVEN", 0, [], None, [], None)"#
    );
    let line = [
        "-vvv", "--point", "-1", "2", "--word", "a", "--list", "1,2", "--color",
    ];
    assert_eq!(
        gives(cli!(passed_on), &line),
        r#"("A", 3, [-1, 2], None, [1, 2], Some(Some("always")))"#
    );
    let (kind, text) = refuses(cli!(passed_on), &["--word", ""]);
    assert_eq!(kind, ErrorKind::ValueValidation);
    assert!(text.contains("say something"), "{text}");
}

#[derive(clap::Args, Debug, Clone)]
struct Common {
    /// How often to try.
    #[arg(long, default_value_t = 3)]
    tries: u8,
}

#[command]
fn flat(name: String, #[command(flatten)] common: Common) {
    got(&(name, common));
}

#[test]
fn a_struct_flattens() {
    assert_eq!(
        gives(cli!(flat), &["x", "--tries", "4"]),
        r#"("x", Common { tries: 4 })"#
    );
    assert!(refuses(cli!(flat), &["-h"]).1.contains("How often to try"));
}

#[command]
fn cp(sources: Vec<PathBuf>, dest: PathBuf) {
    got(&(sources, dest));
}

#[command]
fn cp_slice(verbose: bool, host: String, sources: &[String], dest: &str) {
    got(&(verbose, host, sources, dest));
}

#[test]
fn the_last_may_stand_behind_the_rest() {
    for (line, value) in [
        (&["a", "b", "c"][..], r#"(["a", "b"], "c")"#),
        (&["a", "b"], r#"(["a"], "b")"#),
        (&["a"], r#"([], "a")"#),
        (&["--", "a", "b", "c"], r#"(["a", "b"], "c")"#),
    ] {
        assert_eq!(gives(cli!(cp), line), value, "{line:?}");
        let line = [&["cp"], line].concat();
        assert_eq!(gives(cli!(commands![cp, one]), &line), value, "{line:?}");
    }
    let (kind, text) = refuses(cli!(cp), &[]);
    assert_eq!(kind, ErrorKind::MissingRequiredArgument);
    assert!(
        text.contains("<DEST>") && text.contains("[SOURCES]... <DEST>"),
        "{text}"
    );
    assert_eq!(
        gives(cli!(cp_slice), &["h", "a", "b", "--verbose"]),
        r#"(true, "h", ["a"], "b")"#
    );
    assert_eq!(
        gives(cli!(cp_slice), &["h", "b"]),
        r#"(false, "h", [], "b")"#
    );
    cli!(commands![cp, cp_slice]).clap().debug_assert();
}

#[command]
fn opt(from: Option<String>, to: String) {
    got(&(from, to));
}

#[command]
fn with_default(host: &str, #[arg(default_value_t = 80)] port: u16, path: PathBuf) {
    got(&(host, port, path));
}

#[test]
fn the_last_but_one_may_be_left_out() {
    assert_eq!(gives(cli!(opt), &["x"]), r#"(None, "x")"#);
    assert_eq!(gives(cli!(opt), &["y", "x"]), r#"(Some("y"), "x")"#);
    let (kind, text) = refuses(cli!(opt), &[]);
    assert_eq!(kind, ErrorKind::MissingRequiredArgument);
    assert!(text.contains("  <TO>\n"), "{text}");
    assert_eq!(gives(cli!(with_default), &["h", "x"]), r#"("h", 80, "x")"#);
    assert_eq!(
        gives(cli!(with_default), &["h", "1", "x"]),
        r#"("h", 1, "x")"#
    );
    cli!(commands![opt, with_default]).clap().debug_assert();
}

#[command]
fn after_two_dashes(names: Vec<String>, #[arg(last)] rest: Vec<String>) {
    got(&(names, rest));
}

#[test]
fn two_lists_are_divided_by_two_dashes() {
    assert_eq!(
        gives(cli!(after_two_dashes), &["a", "b", "--", "-c", "d"]),
        r#"(["a", "b"], ["-c", "d"])"#
    );
}

type Service = String;

/// The macro can't see that an alias is required.
#[command]
fn unclear(a: Option<String>, b: Option<String>, c: Service) {
    got(&(a, b, c));
}

#[test]
#[cfg(debug_assertions)]
#[should_panic(expected = "the command `unclear`: the optional argument `[A]`")]
fn a_line_that_can_t_be_divided_is_told_with_its_command() {
    let _ = cli!(commands![unclear]).try_run_from(["app", "unclear", "x"]);
}

/// Whom to ask.
#[derive(clap::Args, Debug, Clone)]
struct Link {
    #[arg(long)]
    host: String,
    /// The port.
    #[arg(long, default_value_t = 80)]
    port: u16,
    #[arg(long, conflicts_with = "port")]
    socket: Option<PathBuf>,
    #[arg(short, action = clap::ArgAction::Count)]
    verbose: u8,
    #[arg(long, required = true)]
    tag: Vec<u8>,
    name: Option<String>,
}

/// Ask.
#[command]
struct Asks {
    #[arg(global = false)]
    early: bool,
    #[command(flatten)]
    link: Link,
}

#[command]
impl Asks {
    #[command]
    fn show(&self, word: Option<&str>) {
        got(&(self.early, &self.link, word));
    }
}

fn asks(line: &[&str]) -> Result<String, lazy_prop::command::Error> {
    let line = ["app"].iter().chain(line);
    Asks::cli().try_run_from(line).map(|_| crate::GOT.take())
}

#[test]
fn a_struct_of_an_app_stands_before_and_after_the_command() {
    let value = r#"(false, Link { host: "q", port: 8, socket: None, verbose: 0, tag: [1], name: None }, None)"#;
    for line in [
        &["show", "--host", "q", "--port", "8", "--tag=1"][..],
        &["--host", "q", "show", "--port", "8", "--tag=1"],
        &["--port", "8", "--tag=1", "--host", "q", "show"],
        &["--port", "1", "show", "--tag=1", "--port", "8", "--host=q"],
    ] {
        assert_eq!(asks(line).unwrap(), value, "{line:?}");
    }
    // What is no option stands where it did.
    assert_eq!(
        asks(&["--early", "n", "--tag=2", "show", "w", "-v", "--host", "q"]).unwrap(),
        r#"(true, Link { host: "q", port: 80, socket: None, verbose: 1, tag: [2], name: Some("n") }, Some("w"))"#
    );
    assert!(asks(&["show", "--early"]).unwrap_err().is_usage());
    Asks::cli().clap().debug_assert();
}

#[test]
fn a_struct_of_an_app_asks_for_what_it_requires() {
    for (line, missing) in [
        (&["show", "--tag=1"][..], "--host <HOST>"),
        (&["--tag=1", "show"], "--host <HOST>"),
        (&["--host=q", "show"], "--tag <TAG>"),
    ] {
        let text = asks(line).unwrap_err().to_string();
        let expected = format!(
            "error: the following required arguments were not provided:\n  {missing}\n\nUsage: app"
        );
        assert!(text.starts_with(&expected), "{text}");
    }
    let both = &["show", "--host=q", "--tag=1", "--port=8", "--socket=s"];
    assert!(asks(both).unwrap_err().is_usage());
    // Either side of the command is checked alone.
    let apart = &["--port=8", "show", "--host=q", "--tag=1", "--socket=s"];
    assert!(asks(apart).is_ok());
}

/// Talk.
#[command]
struct Talks {
    #[arg(short, action = clap::ArgAction::Count)]
    verbose: u8,
    #[arg(long)]
    tag: Vec<u8>,
}

#[command]
impl Talks {
    #[command]
    fn show(&self) {
        got(&(self.verbose, &self.tag));
    }
}

#[test]
fn both_sides_of_a_command_are_one_line() {
    for (line, value) in [
        (&["-vv", "--tag=1", "show"][..], "(2, [1])"),
        (&["show", "-v", "-v", "--tag=1", "--tag=2"], "(2, [1, 2])"),
        (&["-vv", "show", "-v"], "(3, [])"),
        (&["--tag=1", "--tag=2", "show", "--tag=3"], "(0, [1, 2, 3])"),
        (&["-vv", "show", "--tag=3"], "(2, [3])"),
    ] {
        let words = ["app"].iter().chain(line);
        assert!(Talks::cli().try_run_from(words).is_ok());
        assert_eq!(crate::GOT.take(), value, "{line:?}");
    }
}

//! Options with values, and positionals.

use std::convert::Infallible;
use std::str::FromStr;

use lazy_prop::command::clap::error::ErrorKind;
use lazy_prop::{cli, command};

use crate::{gives, got, refuses};

#[command(args_override_self = true)]
fn required(#[arg(short, long)] arg: i32) {
    got(&arg);
}

#[test]
fn an_option_without_a_default_is_required() {
    for line in [
        &["-a42"][..],
        &["-a", "42"],
        &["--arg", "42"],
        &["--arg", "24", "--arg", "42"],
    ] {
        assert_eq!(gives(cli!(required), line), "42");
    }
    assert_eq!(
        refuses(cli!(required), &[]).0,
        ErrorKind::MissingRequiredArgument
    );
}

#[command]
fn lists(
    #[arg(short, long, required = true)] some: Vec<i32>,
    #[arg(short, long, num_args(1..))] many: Vec<i32>,
    #[arg(short)] a: Option<Vec<i32>>,
    #[arg(short)] b: Option<Vec<i32>>,
) {
    got(&(some, many, a, b));
}

#[test]
fn a_list_may_be_required() {
    assert_eq!(
        refuses(cli!(lists), &["-m1"]).0,
        ErrorKind::MissingRequiredArgument
    );
    assert_eq!(
        gives(cli!(lists), &["-s24", "-s", "42"]),
        "([24, 42], [], None, None)"
    );
}

#[test]
fn one_option_may_take_many_values() {
    let line = ["-s1", "-m", "24", "42"];
    assert_eq!(gives(cli!(lists), &line), "([1], [24, 42], None, None)");
}

#[test]
fn optional_lists_are_apart() {
    let line = ["-s1", "-a", "1", "-b", "3", "-a", "2"];
    assert_eq!(
        gives(cli!(lists), &line),
        "([1], [], Some([1, 2]), Some([3]))"
    );
}

#[derive(Clone, Debug)]
struct Any;

impl FromStr for Any {
    type Err = Infallible;

    fn from_str(_: &str) -> Result<Self, Infallible> {
        Ok(Self)
    }
}

#[command]
fn read(one: Option<Any>, rest: Vec<Any>, #[arg(short)] listed: Option<Vec<Any>>) {
    got(&(one, rest, listed));
}

#[test]
fn from_str_reads_in_optional_and_repeated_parameters() {
    assert_eq!(gives(cli!(read), &[]), "(None, [], None)");
    let line = ["x", "y", "-l", "z"];
    assert_eq!(gives(cli!(read), &line), "(Some(Any), [Any], Some([Any]))");
}

#[command]
fn named(level: u8, #[arg(value_name = "SCORE")] points: Option<u8>) {
    got(&(level, points));
}

#[test]
fn help_names_a_value_by_its_parameter_or_as_it_is_told() {
    let (_, help) = refuses(cli!(named), &["--help"]);
    assert!(help.contains("app <LEVEL> [SCORE]"), "{help}");
}

fn hex(text: &str) -> Result<u64, std::num::ParseIntError> {
    u64::from_str_radix(text, 16)
}

#[command]
fn custom(
    #[arg(short, value_parser = hex)] number: u64,
    #[arg(value_parser = hex, default_value = "ff")] rest: u64,
) {
    got(&(number, rest));
}

#[test]
fn a_function_parses_and_reads_the_default_too() {
    assert_eq!(gives(cli!(custom), &["-n", "10"]), "(16, 255)");
    let (kind, text) = refuses(cli!(custom), &["-n", "gg"]);
    assert_eq!(kind, ErrorKind::ValueValidation);
    assert!(text.contains("invalid digit found in string"), "{text}");
}

#[command]
fn names(
    #[arg(long)] own_name: bool,
    #[arg(long = "written")] other: bool,
    #[arg(short = 'q')] first: bool,
    #[arg(short)] second: bool,
) {
    got(&(own_name, other, first, second));
}

#[test]
fn a_long_name_comes_from_the_parameter_unless_it_is_written() {
    let line = ["--own-name", "--written", "-q", "-s"];
    assert!(gives(cli!(names), &line).ends_with("true, true, true, true)"));
    for line in [["--own_name"], ["--other"], ["-f"]] {
        assert_eq!(refuses(cli!(names), &line).0, ErrorKind::UnknownArgument);
    }
}

const ORDER: usize = 2;

#[command]
fn worded(
    #[arg(
        long = "x",
        display_order = ORDER,
        next_line_help = true,
        default_value = "0",
        require_equals = true
    )]
    x: i32,
    #[arg(short = 'l', long = "level", aliases = ["set-level", "lvl"])] level: String,
    #[arg(long("values"))] values: Vec<i32>,
    #[arg(requires_if("FILE", "values"))] files: Vec<String>,
) {
    got(&(x, level, values, files));
}

#[test]
fn each_word_of_clap_takes_the_values_that_it_takes_there() {
    for name in ["-l", "--level", "--set-level", "--lvl"] {
        assert_eq!(gives(cli!(worded), &[name, "1"]), r#"(0, "1", [], [])"#);
    }
    let line = ["-l", "1", "--values", "1", "--", "FILE"];
    assert_eq!(gives(cli!(worded), &line), r#"(0, "1", [1], ["FILE"])"#);
    let line = ["-l", "1", "--", "FILE"];
    assert_eq!(
        refuses(cli!(worded), &line).0,
        ErrorKind::MissingRequiredArgument
    );
    assert!(gives(cli!(worded), &["-l", "1", "--x=1"]).starts_with("(1, "));
    assert_eq!(
        refuses(cli!(worded), &["-l", "1", "--x", "1"]).0,
        ErrorKind::NoEquals
    );
}

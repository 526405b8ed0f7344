//! Several values for one parameter: tuples and arrays.

use std::path::PathBuf;

use lazy_prop::command::clap::error::ErrorKind;
use lazy_prop::{cli, command};

use crate::{gives, got, refuses};

#[command]
fn plot(
    #[arg(long)] point: (f64, f64),
    #[arg(long)] color: Option<[u8; 3]>,
    #[arg(long, default_values = ["1", "m"])] unit: (u32, char),
) {
    got(&(point, color, unit));
}

#[command]
fn copy(pair: (PathBuf, PathBuf), #[arg(long)] quiet: bool) {
    got(&(pair, quiet));
}

#[test]
fn a_tuple_takes_as_many_values() {
    let line = ["--point", "1", "-2.5"];
    assert_eq!(gives(cli!(plot), &line), "((1.0, -2.5), None, (1, 'm'))");
    assert_eq!(
        gives(cli!(copy), &["a", "b", "--quiet"]),
        r#"(("a", "b"), true)"#
    );
}

#[test]
fn an_array_takes_as_many_values() {
    let line = ["--point=0", "0", "--color", "255", "0", "7"];
    let (kind, _) = refuses(cli!(plot), &line);
    assert_eq!(kind, ErrorKind::WrongNumberOfValues);
    let line = ["--point", "0", "0", "--color", "255", "0", "7"];
    assert_eq!(
        gives(cli!(plot), &line),
        "((0.0, 0.0), Some([255, 0, 7]), (1, 'm'))"
    );
}

#[test]
fn each_value_is_read_by_its_own_type() {
    let line = ["--point", "0", "0", "--unit", "3", "km"];
    let (kind, text) = refuses(cli!(plot), &line);
    assert_eq!(kind, ErrorKind::ValueValidation);
    assert!(
        text.starts_with(
            "error: invalid value 'km' for '--unit <UNIT> <UNIT>': too many characters in string"
        ),
        "{text}"
    );
}

#[test]
fn a_missing_group_is_required_and_too_few_values_are_counted() {
    let (kind, text) = refuses(cli!(plot), &[]);
    assert_eq!(kind, ErrorKind::MissingRequiredArgument);
    assert!(text.contains("--point <POINT> <POINT>"), "{text}");
    let (kind, text) = refuses(cli!(copy), &["a"]);
    assert_eq!(kind, ErrorKind::WrongNumberOfValues, "{text}");
}

#[test]
fn the_program_keeps_claps_own_rules() {
    cli!(plot).clap().debug_assert();
    cli!(copy).clap().debug_assert();
}

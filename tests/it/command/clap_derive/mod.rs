//! Behaviours of clap's derive that hold here too, in our own words. `docs/clap-derive.md` lists each of
//! its tests, and says which do not apply.

mod bytes;
mod commands;
mod defaults;
mod flags;
mod groups;
mod headings;
mod options;

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use lazy_prop::command::clap::error::ErrorKind;
use lazy_prop::{cli, command, commands};

use crate::{gives, got, refuses};

const NAME: &str = "colour";

fn letter() -> char {
    'c'
}

#[command]
fn paint(
    // Any expression is a value of a word.
    #[arg(long = NAME, short = letter(), default_value = concat!("re", "d"))] color: String,
    // A name that is written is not changed.
    #[arg(long = "Snake_Case")] spelled: Option<u8>,
    #[arg(long)] r#match: Option<String>,
    #[arg(long, value_delimiter = ',')] layers: Vec<u8>,
    #[arg(long, num_args = 0..)] all: Option<Vec<u8>>,
    #[arg(long, num_args = 0..=1, default_missing_value = "7")] depth: Option<u8>,
) {
    got(&(color, spelled, r#match, layers, all, depth));
}

#[command(visible_alias = "qty")]
/// Counts the sides
fn quantify(
    #[arg(value_parser = lazy_prop::command::clap::value_parser!(u8).range(1..))] splines: u8,
) {
    got(&splines);
}

#[command(group = "other")]
fn freeze() {
    got(&"freeze");
}

#[test]
fn words_take_any_expression_and_names_stay_as_written() {
    let line = ["-c", "blue", "--Snake_Case=1", "--match=x"];
    let all = r#"("blue", Some(1), Some("x"), [], None, None)"#;
    assert_eq!(gives(cli!(paint), &line), all);
    assert!(gives(cli!(paint), &[]).starts_with(r#"("red", "#));
    assert_eq!(
        refuses(cli!(paint), &["--snake-case=1"]).0,
        ErrorKind::UnknownArgument
    );
}

#[test]
fn an_option_of_a_list_tells_nothing_from_none() {
    assert!(gives(cli!(paint), &["--all"]).contains("Some([])"));
    assert!(gives(cli!(paint), &["--all", "1", "2"]).contains("Some([1, 2])"));
    assert!(gives(cli!(paint), &["--layers", "1,2", "--layers=3"]).contains("[1, 2, 3]"));
}

#[test]
fn an_option_without_its_value_has_one_of_its_own() {
    assert!(gives(cli!(paint), &["--depth"]).ends_with("Some(7))"));
    assert!(gives(cli!(paint), &["--depth", "2"]).ends_with("Some(2))"));
}

#[test]
fn commands_are_found_by_their_beginnings_where_that_is_asked_for() {
    let cli = || {
        let cli = cli!(commands![quantify, freeze]);
        cli.configure(|root| root.infer_subcommands(true))
    };
    assert_eq!(gives(cli(), &["quan", "3"]), "3");
    assert_eq!(gives(cli(), &["qty", "3"]), "3");
    let (kind, text) = refuses(cli(), &["qty", "0"]);
    assert_eq!(kind, ErrorKind::ValueValidation, "{text}");
    let (_, help) = refuses(cli(), &["--help"]);
    assert!(help.contains("Counts the sides [alias: qty]"), "{help}");
}

#[test]
fn the_page_names_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("../docs/clap-derive.md")).unwrap();
    let mut tests = String::new();
    for folder in ["it/command", "it/command/clap_derive"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            tests += &fs::read_to_string(entry.unwrap().path()).unwrap_or_default();
        }
    }
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let mut theirs = HashSet::new();
    for row in rows {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        for name in cells[2].split(", ") {
            assert!(theirs.insert((cells[1], name)), "{name} stands twice");
        }
        // A reason names other things than tests.
        let named = if cells[3].starts_with('`') {
            cells[3]
        } else {
            ""
        };
        for test in named.split('`').skip(1).step_by(2) {
            assert!(tests.contains(&format!("fn {test}(")), "no test `{test}`");
        }
    }
    assert_eq!(theirs.len(), 242);
}

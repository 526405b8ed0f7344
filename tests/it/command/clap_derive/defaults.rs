//! Defaults, as text and as values.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use lazy_prop::{cli, command};

use crate::{gives, got, refuses};

#[command]
fn numbers(
    #[arg(long, default_value = "3")] text: i32,
    #[arg(long, default_value_t = 4)] value: i32,
    #[arg(long, default_value_t)] type_s: i32,
    #[arg(long, help = "source file", default_value_t = "./a.kda".to_string())] input: String,
) {
    got(&(text, value, type_s, input));
}

#[test]
fn a_default_is_a_text_a_value_or_that_of_the_type() {
    assert_eq!(gives(cli!(numbers), &[]), r#"(3, 4, 0, "./a.kda")"#);
    assert!(gives(cli!(numbers), &["--text", "1"]).starts_with("(1, "));
    let (_, help) = refuses(cli!(numbers), &["--help"]);
    for shown in ["[default: 3]", "[default: 4]", "[default: 0]"] {
        assert!(help.contains(shown), "{help}");
    }
    assert!(help.contains("source file [default: ./a.kda]"), "{help}");
}

#[command]
fn lists(
    #[arg(default_values_t = vec![1, 2, 3])] vec: Vec<i32>,
    #[arg(long, default_values_t = [4, 5])] array: Vec<i32>,
    #[arg(long, default_values_t = 10..=12)] range: Vec<i32>,
    #[arg(long, default_values_t = vec!["hello".to_string()])] owned: Vec<String>,
    #[arg(long, default_values_t = &vec!["first".to_string()])] borrowed: Vec<String>,
) {
    got(&(vec, array, range, owned, borrowed));
}

#[test]
fn default_values_come_from_any_collection() {
    assert_eq!(
        gives(cli!(lists), &[]),
        r#"([1, 2, 3], [4, 5], [10, 11, 12], ["hello"], ["first"])"#
    );
    assert!(gives(cli!(lists), &["9", "--array", "8"]).starts_with("([9], [8], "));
}

#[command]
fn paths(
    #[arg(long, default_value_os_t = PathBuf::from("site.toml"))] one: PathBuf,
    #[arg(long, default_values_os_t = vec![PathBuf::from("site.toml"), PathBuf::from("more.toml")])]
    some: Vec<PathBuf>,
    #[arg(long, default_value_os = OsStr::new("123"))] text: OsString,
) {
    got(&(one, some, text));
}

#[test]
fn defaults_of_paths_need_no_text() {
    assert_eq!(
        gives(cli!(paths), &[]),
        r#"("site.toml", ["site.toml", "more.toml"], "123")"#
    );
}

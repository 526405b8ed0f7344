//! Structs that flatten, and the groups that they are.

use clap::Args;
use lazy_prop::command::clap::error::ErrorKind;
use lazy_prop::{cli, command, commands};

use crate::{gives, got, refuses};

#[derive(Debug, Args)]
struct Source {
    crates: Vec<String>,
    #[arg(long)]
    path: Option<String>,
    #[arg(long)]
    git: Option<String>,
}

#[command]
fn add(
    #[arg(short, long, requires = "Source")] add: bool,
    #[command(flatten)] source: Option<Source>,
) {
    got(&(
        add,
        source.map(|source| (source.crates, source.path, source.git)),
    ));
}

#[test]
fn a_struct_is_a_group_of_its_name() {
    let (kind, text) = refuses(cli!(add), &["--add"]);
    assert_eq!(kind, ErrorKind::MissingRequiredArgument);
    assert!(
        text.contains("<CRATES|--path <PATH>|--git <GIT>>"),
        "{text}"
    );
    assert_eq!(gives(cli!(add), &[]), "(false, None)");
    assert_eq!(
        gives(cli!(add), &["--add", "serde"]),
        r#"(true, Some((["serde"], None, None)))"#
    );
}

#[derive(Debug, Args)]
#[group(id = "place", required = true, multiple = false)]
struct Place {
    #[arg(long)]
    file: Option<String>,
    #[arg(long)]
    url: Option<String>,
}

#[command]
fn fetch(#[command(flatten)] place: Place) {
    got(&(place.file, place.url));
}

#[test]
fn a_group_may_be_required_and_exclusive() {
    assert_eq!(gives(cli!(fetch), &["--file=x"]), r#"(Some("x"), None)"#);
    let (kind, text) = refuses(cli!(fetch), &[]);
    assert_eq!(kind, ErrorKind::MissingRequiredArgument);
    assert!(text.contains("<--file <FILE>|--url <URL>>"), "{text}");
    assert_eq!(
        refuses(cli!(fetch), &["--file=x", "--url=y"]).0,
        ErrorKind::ArgumentConflict
    );
}

#[derive(Debug, Args)]
#[group(skip)]
struct Both<L: Args, R: Args> {
    #[command(flatten)]
    left: L,
    #[command(flatten)]
    right: R,
}

#[derive(Debug, Args)]
struct Number<T>
where
    T: std::str::FromStr + Clone + Send + Sync + 'static,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    number: T,
}

#[command]
fn generic(#[command(flatten)] both: Both<Number<u8>, Place>) {
    got(&(both.left.number, both.right.file));
}

#[command]
fn other(#[command(flatten)] number: Number<String>) {
    got(&number.number);
}

#[test]
fn a_generic_struct_flattens() {
    let cli = || cli!(commands![generic, other]);
    assert_eq!(
        gives(cli(), &["generic", "7", "--file=x"]),
        r#"(7, Some("x"))"#
    );
    assert_eq!(gives(cli(), &["other", "seven"]), r#""seven""#);
    assert_eq!(
        refuses(cli(), &["generic", "seven"]).0,
        ErrorKind::ValueValidation
    );
}

#[command]
fn greet(name: String, #[arg(long)] hello: Option<u8>, #[arg(long)] count: Vec<u8>) {
    got(&(name, hello, count));
}

#[test]
fn a_misspelled_option_is_told_the_nearest() {
    let (_, text) = refuses(cli!(greet), &["--hell"]);
    assert!(
        text.contains("tip: a similar argument exists: '--hello'"),
        "{text}"
    );
}

#[command]
fn doubled(#[command(flatten)] one: Place, #[command(flatten)] other: Place) {
    got(&(one, other));
}

#[test]
fn a_struct_that_flattens_twice_is_a_mistake() {
    let error = cli!(doubled).try_run_from(["app"]).unwrap_err();
    assert_eq!(error.kind(), lazy_prop::command::ErrorKind::Mistake);
    assert!(error.to_string().contains("`file` and `file`"), "{error}");
}

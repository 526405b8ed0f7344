//! What help shows, and where.

use clap::{ArgAction, Args, ValueEnum};
use lazy_prop::command::clap::error::ErrorKind;
use lazy_prop::{cli, command, commands};

use crate::{gives, got, refuses};

#[derive(Debug, Args)]
#[command(next_help_heading = "OF THE STRUCT")]
struct Common {
    #[arg(long)]
    common: Option<u32>,
}

#[command(next_help_heading = "DEFAULT")]
fn headed(
    #[arg(long, help_heading = "HEADING A")] in_a: Option<u32>,
    #[arg(long)] in_default: Option<u32>,
    #[command(flatten)] common: Common,
) {
    got(&(in_a, in_default, common));
}

/// The options below a heading of the help.
fn below<'h>(help: &'h str, heading: &str) -> &'h str {
    let start = help.find(&format!("{heading}:\n")).expect(heading);
    help[start..].split("\n\n").next().unwrap()
}

#[test]
fn options_stand_under_the_heading_of_their_own_or_their_struct_s() {
    let (_, help) = refuses(cli!(headed), &["--help"]);
    assert!(below(&help, "HEADING A").contains("--in-a"), "{help}");
    assert!(below(&help, "DEFAULT").contains("--in-default"), "{help}");
    assert!(below(&help, "OF THE STRUCT").contains("--common"), "{help}");
}

#[derive(Debug, Args)]
#[command(next_display_order = 10000)]
struct Last {
    #[arg(long)]
    second_flag: bool,
}

#[derive(Debug, Args)]
#[command(next_display_order = 10)]
struct First {
    #[arg(long)]
    first_flag: bool,
}

#[command]
fn ordered(#[command(flatten)] last: Last, #[command(flatten)] first: First) {
    got(&(last, first));
}

#[test]
fn a_struct_s_display_order_counts() {
    let (_, help) = refuses(cli!(ordered), &["--help"]);
    let place = |word| help.find(word).expect(word);
    assert!(place("--first-flag") < place("--help"), "{help}");
    assert!(place("--help") < place("--second-flag"), "{help}");
}

/// What is chosen.
#[derive(Clone, Debug, ValueEnum)]
enum Choice {
    /// The first
    Foo,
    /// The second
    Bar,
}

#[command]
fn choose(
    /// Argument help
    choice: Choice,
) {
    got(&choice);
}

#[test]
fn long_help_lists_possible_values_with_their_comments() {
    let (_, help) = refuses(cli!(choose), &["--help"]);
    assert!(help.contains("- foo: The first"), "{help}");
    assert!(help.contains("- bar: The second"), "{help}");
    assert_eq!(gives(cli!(choose), &["bar"]), "Bar");
}

#[command(disable_help_flag = true)]
fn helped(#[arg(long = "verbose-help", action = ArgAction::Help)] help: Option<bool>) {
    got(&help);
}

#[command(disable_version_flag = true, version = "2.0.0")]
fn versioned(#[arg(long = "verbose-version", action = ArgAction::Version)] version: Option<bool>) {
    got(&version);
}

#[test]
fn a_flag_of_one_s_own_shows_help_or_the_version() {
    let (kind, _) = refuses(cli!(helped), &["--verbose-help"]);
    assert_eq!(kind, ErrorKind::DisplayHelp);
    assert_eq!(gives(cli!(helped), &[]), "None");
    let (kind, text) = refuses(cli!(versioned), &["--verbose-version"]);
    assert_eq!(kind, ErrorKind::DisplayVersion);
    assert!(text.contains("2.0.0"), "{text}");
}

fn number() -> &'static str {
    "from a function"
}

#[command(visible_alias = "go")]
/// Starts everything
fn start() {}

#[test]
fn the_version_is_any_expression() {
    let cli = || {
        let cli = cli!(commands![start]);
        cli.configure(|root| root.version(number()))
    };
    assert!(refuses(cli(), &["--version"]).1.contains("from a function"));
    assert!(refuses(cli(), &["--help"]).1.contains("[alias: go]"));
}

/// Prints a page
#[command]
fn commented(
    /// The text
    ///
    /// It may be long
    #[arg(long, default_value = "x")]
    text: String,
    /// Joins two lines
    /// of the comment.
    #[arg(long)]
    wordy: bool,
    /// Of the comment
    #[arg(long, help = "Of the word")]
    said: bool,
) {
    got(&(text, wordy, said));
}

#[test]
fn a_comment_of_two_paragraphs_is_for_long_help() {
    let (_, short) = refuses(cli!(commented), &["-h"]);
    assert!(short.contains("The text [default: x]"), "{short}");
    let (_, long) = refuses(cli!(commented), &["--help"]);
    let lines: Vec<&str> = long.lines().map(str::trim).collect();
    let start = lines.iter().position(|line| *line == "The text").unwrap();
    assert_eq!(
        lines[start..start + 5],
        ["The text", "", "It may be long", "", "[default: x]"]
    );
    assert!(lines.contains(&"Joins two lines of the comment"), "{long}");
    assert!(lines.contains(&"Of the word"), "{long}");
}

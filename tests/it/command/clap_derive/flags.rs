//! Options without a value.

use clap::ArgAction;
use clap::builder::{BoolishValueParser, TypedValueParser as _};
use lazy_prop::command::clap::error::ErrorKind;
use lazy_prop::{cli, command};

use crate::{gives, got, refuses};

fn price(is_given: bool) -> usize {
    if is_given { 10 } else { 5 }
}

#[command]
fn mapped(
    #[arg(long, action = ArgAction::SetTrue, value_parser = BoolishValueParser::new().map(price))]
    alice: usize,
) {
    got(&alice);
}

#[test]
fn a_flag_may_give_a_value_of_another_type() {
    assert_eq!(gives(cli!(mapped), &[]), "5");
    assert_eq!(gives(cli!(mapped), &["--alice"]), "10");
}

#[command]
fn counted(
    #[arg(short, long)] alice: bool,
    #[arg(short, long, action = ArgAction::Count)] bob: u8,
    #[arg(short, long, action = ArgAction::Count)] carol: u8,
) {
    got(&(alice, bob, carol));
}

#[test]
fn flags_are_counted_each_for_itself() {
    assert_eq!(gives(cli!(counted), &[]), "(false, 0, 0)");
    assert_eq!(gives(cli!(counted), &["-bb", "-a", "-bb"]), "(true, 4, 0)");
    assert_eq!(
        gives(cli!(counted), &["-bbb", "--carol", "--bob"]),
        "(false, 4, 1)"
    );
    for line in [&["-a", "x"][..], &["-b", "x"], &["-i"]] {
        assert_eq!(refuses(cli!(counted), line).0, ErrorKind::UnknownArgument);
    }
}

#[command(args_override_self = true)]
fn twice(#[arg(short, long)] alice: bool, #[arg(short, long)] number: Option<i32>) {
    got(&(alice, number));
}

#[test]
fn the_last_of_two_counts_where_that_is_asked_for() {
    let line = ["-a", "-a", "-n24", "--number", "42"];
    assert_eq!(gives(cli!(twice), &line), "(true, Some(42))");
}

#[command]
fn set(
    #[arg(action = ArgAction::Set)] positional: bool,
    #[arg(long, action = ArgAction::Set)] option: Option<bool>,
    #[arg(long, num_args = 0..=1)] optional: bool,
) {
    got(&(positional, option, optional));
}

#[test]
fn a_bool_takes_a_value_where_that_is_asked_for() {
    assert_eq!(gives(cli!(set), &["false"]), "(false, None, false)");
    let line = ["true", "--option", "false", "--optional"];
    assert_eq!(gives(cli!(set), &line), "(true, Some(false), true)");
    let line = ["true", "--option=true", "--optional", "false"];
    assert_eq!(gives(cli!(set), &line), "(true, Some(true), false)");
}

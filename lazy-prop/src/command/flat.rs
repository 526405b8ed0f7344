//! Structs with arguments of their own: `#[command(flatten)]`.

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Args, Command};

/// A struct that is `clap::Args`; or an `Option` of one, which is there if any of its arguments is.
/// `Kind` tells the two impls apart, and is inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be flattened",
    label = "a flattened parameter is a struct with `#[derive(clap::Args)]`, or an `Option` of one"
)]
pub trait Flat<Kind>: Sized {
    /// Whether all of it may be missing.
    const IS_OPTIONAL: bool;

    /// Adds its arguments.
    fn augment(command: Command) -> Command;

    /// Takes it off the line.
    ///
    /// # Errors
    /// What is wrong with the line.
    fn take(matches: &mut ArgMatches) -> Result<Self, clap::Error>;
}

/// The struct itself.
pub enum Whole {}

/// An `Option` of it.
pub enum Optional {}

impl<T: Args> Flat<Whole> for T {
    const IS_OPTIONAL: bool = false;

    fn augment(command: Command) -> Command {
        T::augment_args(command)
    }

    fn take(matches: &mut ArgMatches) -> Result<Self, clap::Error> {
        T::from_arg_matches_mut(matches)
    }
}

impl<T: Args> Flat<Optional> for Option<T> {
    const IS_OPTIONAL: bool = true;

    fn augment(command: Command) -> Command {
        T::augment_args(command)
    }

    fn take(matches: &mut ArgMatches) -> Result<Self, clap::Error> {
        let args = T::augment_args(Command::new(""));
        let any = args.get_arguments().any(|arg| is_given(matches, arg));
        any.then(|| T::from_arg_matches_mut(matches)).transpose()
    }
}

/// Whether an argument is given, and not by its default.
pub(super) fn is_given(matches: &ArgMatches, arg: &Arg) -> bool {
    let source = matches.value_source(arg.get_id().as_str());
    source.is_some_and(|source| source != ValueSource::DefaultValue)
}

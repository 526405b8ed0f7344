//! Structs with arguments of their own: `#[command(flatten)]`.

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Args, Command};

use super::call::Call;
use super::exclusive::Exclusive;

/// A struct that is `clap::Args`, or an enum with `#[command(exclusive)]`; or an `Option` of one, which
/// is there if any of its arguments is. `Kind` tells the impls apart, and is inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be flattened",
    label = "a flattened parameter is a struct with `#[derive(clap::Args)]`, or an `Option` of one",
    note = "or an enum with `#[command(exclusive)]`, whose variants are options"
)]
pub trait Flat<Kind>: Sized {
    /// Adds its arguments, or takes them off the line.
    fn flat(call: &mut Call) -> Option<Self>;
}

/// A struct.
pub enum Whole {}

/// An `Option` of a struct.
pub enum Optional {}

/// An enum.
pub enum Chosen {}

/// An `Option` of an enum.
pub enum MaybeChosen {}

impl<T: Args> Flat<Whole> for T {
    fn flat(call: &mut Call) -> Option<Self> {
        call.flatten(T::augment_args, false);
        call.unflatten(T::from_arg_matches_mut)
    }
}

impl<T: Args> Flat<Optional> for Option<T> {
    fn flat(call: &mut Call) -> Option<Self> {
        call.flatten(T::augment_args, true);
        call.unflatten(|matches| {
            let args = T::augment_args(Command::new(""));
            let any = args.get_arguments().any(|arg| is_given(matches, arg));
            any.then(|| T::from_arg_matches_mut(matches)).transpose()
        })
    }
}

impl<T: Exclusive> Flat<Chosen> for T {
    fn flat(call: &mut Call) -> Option<Self> {
        T::call(call, true)
    }
}

impl<T: Exclusive> Flat<MaybeChosen> for Option<T> {
    fn flat(call: &mut Call) -> Option<Self> {
        Some(T::call(call, false))
    }
}

/// Whether an argument is given, and not by its default.
pub(super) fn is_given(matches: &ArgMatches, arg: &Arg) -> bool {
    let source = matches.value_source(arg.get_id().as_str());
    source.is_some_and(|source| source != ValueSource::DefaultValue)
}

//! `#[arg(negatable)]`: `--color`, `--no-color` and `--color=false` for one parameter.

use std::any::TypeId;
use std::marker::PhantomData;
use std::ops::Deref;

use clap::parser::ValueSource;

use super::call::Call;
use super::param::Kind;
use super::scalar::Scalar as _;
use super::stop::given;
use super::value::{Item, Parser};

/// What can be said and taken back.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not negatable",
    label = "`#[arg(negatable)]` is for a `bool`, or an `Option<bool>` that tells whether it was said"
)]
pub trait Switchable: Sized {
    /// The value of what was said, if anything was.
    fn of(said: Option<bool>) -> Self;
}

impl Switchable for bool {
    fn of(said: Option<bool>) -> Self {
        said.unwrap_or_default()
    }
}

impl Switchable for Option<bool> {
    fn of(said: Option<bool>) -> Self {
        said
    }
}

/// The shape of a negatable parameter.
pub struct Switch<T>(PhantomData<T>);

impl<T> Clone for Switch<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Switch<T> {}

// Generated code calls the same methods on all shapes.
#[allow(clippy::unused_self, clippy::trivially_copy_pass_by_ref)]
impl<T> Switch<T> {
    /// The only value.
    pub const NEW: Self = Self(PhantomData);

    /// Reads the value behind an equals sign.
    #[must_use]
    pub fn parser(&self) -> Parser {
        bool::parser
    }

    /// Begins with the parameter.
    pub fn arg<'call>(
        &self,
        call: &'call mut Call,
        texts: &'static str,
        parser: Parser,
    ) -> &'call mut Call {
        call.param(texts, Kind::Switch, Some(parser))
    }

    /// The same: it is read as a `bool` whatever it says.
    pub fn arg_as_told<'call>(
        &self,
        call: &'call mut Call,
        texts: &'static str,
    ) -> &'call mut Call {
        call.param(texts, Kind::Switch, Some(bool::parser))
    }

    /// Takes what was said last off the line.
    pub fn take(&self, call: &mut Call) -> Option<T>
    where
        T: Switchable,
    {
        let negation = call.negation.map(|by| by.long);
        let (taken, id) = call.taken(TypeId::of::<bool>())?;
        // What is said is nearer than what is said by default, whichever of the two it is.
        let is_said = |id: &str| {
            let source = taken.matches.value_source(id);
            source.is_some_and(|source| source != ValueSource::DefaultValue)
        };
        let is_negated = negation.is_some_and(|negation| {
            is_said(negation) || !is_said(id) && taken.matches.get_flag(negation)
        });
        let said = if is_negated {
            Some(false)
        } else {
            taken.one(id)
        };
        Some(T::of(said))
    }

    /// The argument for the function.
    pub fn give(&self, held: &mut Option<T>) -> T {
        given(held)
    }
}

impl<T: 'static> Deref for Switch<T> {
    type Target = Item<bool>;

    fn deref(&self) -> &Item<bool> {
        &Item::NEW
    }
}

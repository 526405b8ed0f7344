//! Several values for one parameter: `--point 1 2` as `(f64, f64)`, `--color 255 0 0` as `[u8; 3]`.

use std::any::{Any, TypeId};
use std::array;
use std::ffi::{OsStr, OsString};
use std::fmt::Display;
use std::marker::PhantomData;
use std::ops::Deref;
use std::path::PathBuf;
use std::str::FromStr;
use std::string::{String, ToString};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::builder::{OsStringValueParser, TypedValueParser, ValueParser};
use clap::{Arg, Command};

use super::call::Call;
use super::param::{Kind, is_number};
use super::stop::given;
use super::value::{Item, Kept, Parser};

/// A value of any type. clap keeps one type for all values of an argument.
pub(super) type Piece = Arc<dyn Any + Send + Sync>;

/// Reads one value of a group.
type Read = fn(OsString) -> Result<Piece, String>;

/// One value of a group.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be one of several values",
    label = "each value of a tuple or an array needs `FromStr` with an error that is `Display`, and `Clone`"
)]
pub trait Element: Kept {
    /// Reads it.
    ///
    /// # Errors
    /// The mistake in the text.
    fn read(text: &str) -> Result<Self, String>;
}

impl<T: Kept + FromStr<Err: Display>> Element for T {
    fn read(text: &str) -> Result<Self, String> {
        text.parse().map_err(|error: T::Err| error.to_string())
    }
}

fn read<T: Element>(text: OsString) -> Result<Piece, String> {
    if TypeId::of::<T>() == TypeId::of::<PathBuf>() {
        return Ok(Arc::new(PathBuf::from(text)));
    }
    if TypeId::of::<T>() == TypeId::of::<OsString>() {
        return Ok(Arc::new(text));
    }
    let text = text.to_str().ok_or("it is not UTF-8")?;
    Ok(Arc::new(T::read(text)?))
}

/// Several values that are one parameter: a tuple or an array.
pub trait Group: Sized + Clone + Send + Sync + 'static {
    /// The number of values.
    const SIZE: usize;
    /// Reads each of them. An array has one function for all.
    const READ: &'static [Read];
    /// Whether one of them is a number, which may be negative.
    fn has_number() -> bool;
    /// Puts the values together.
    fn gather(values: &mut dyn Iterator<Item = Piece>) -> Option<Self>;
}

fn next<T: Element>(values: &mut dyn Iterator<Item = Piece>) -> Option<T> {
    values.next()?.downcast_ref().cloned()
}

impl<T: Element, const N: usize> Group for [T; N] {
    const SIZE: usize = N;
    const READ: &'static [Read] = &[read::<T>];

    fn has_number() -> bool {
        is_number(TypeId::of::<T>())
    }

    fn gather(values: &mut dyn Iterator<Item = Piece>) -> Option<Self> {
        let values: [Option<T>; N] = array::from_fn(|_| next(values));
        let are_there = values.iter().all(Option::is_some);
        are_there.then(|| values.map(|value| value.unwrap_or_else(|| unreachable!())))
    }
}

macro_rules! tuples {
    ($(($size:literal: $($t:ident)+))+) => { $(
        impl<$($t: Element),+> Group for ($($t,)+) {
            const SIZE: usize = $size;
            const READ: &'static [Read] = &[$(read::<$t>),+];

            fn has_number() -> bool {
                [$(TypeId::of::<$t>()),+].into_iter().any(is_number)
            }

            fn gather(values: &mut dyn Iterator<Item = Piece>) -> Option<Self> {
                Some(($(next::<$t>(values)?,)+))
            }
        }
    )+ };
}

tuples! { (2: A B) (3: A B C) (4: A B C D) (5: A B C D E) (6: A B C D E F) }

/// Reads the values of a group, one after the other.
#[derive(Clone)]
struct InTurn {
    read: &'static [Read],
    /// How many were read.
    count: Arc<AtomicUsize>,
}

impl TypedValueParser for InTurn {
    type Value = Piece;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Piece, clap::Error> {
        let turn = self.count.fetch_add(1, Ordering::Relaxed);
        let read = self.read[turn % self.read.len()];
        let parser = OsStringValueParser::new().try_map(read);
        parser.parse_ref(command, arg, value)
    }
}

/// The shape of a group, which is held as an `H`: the group, or an `Option` of it.
pub struct Several<G, H>(PhantomData<fn() -> (G, H)>);

/// What is held of a group.
pub trait HeldGroup<G>: Sized + 'static {
    /// Whether it must be there.
    const KIND: fn(usize) -> Kind;
    /// The group, if the line has one.
    fn hold(group: Option<G>) -> Option<Self>;
}

impl<G: Group> HeldGroup<G> for G {
    const KIND: fn(usize) -> Kind = Kind::Several;

    fn hold(group: Option<G>) -> Option<Self> {
        group
    }
}

impl<G: Group> HeldGroup<G> for Option<G> {
    const KIND: fn(usize) -> Kind = Kind::MaybeSeveral;

    fn hold(group: Option<G>) -> Option<Self> {
        Some(group)
    }
}

// Generated code calls the same methods on all shapes.
#[allow(clippy::unused_self)]
impl<G: Group, H: HeldGroup<G>> Several<G, H> {
    /// The only value.
    pub(super) const NEW: Self = Self(PhantomData);

    /// Reads one value after the other.
    #[must_use]
    pub fn parser(&self) -> Parser {
        || {
            ValueParser::new(InTurn {
                read: G::READ,
                count: Arc::default(),
            })
        }
    }

    /// A parameter that texts describe completely.
    pub fn plain(&self, call: &mut Call, texts: &'static str, parser: Parser) -> Option<H> {
        self.take(self.arg(call, texts, parser))
    }

    /// Begins with a parameter that needs more than texts.
    pub fn arg<'call>(
        &self,
        call: &'call mut Call,
        texts: &'static str,
        parser: Parser,
    ) -> &'call mut Call {
        let call = call.param(texts, H::KIND(G::SIZE), Some(parser));
        call.with(|arg| arg.allow_negative_numbers(G::has_number()))
    }

    /// The same. A parser for the whole group cannot be given.
    pub fn arg_as_told<'call>(
        &self,
        call: &'call mut Call,
        texts: &'static str,
    ) -> &'call mut Call {
        self.arg(call, texts, self.parser())
    }

    /// Takes the values off the line.
    pub fn take(&self, call: &mut Call) -> Option<H> {
        let (taken, id) = call.taken(TypeId::of::<Piece>())?;
        let values = taken.many::<Piece>(id);
        let group = values.and_then(|values| G::gather(&mut values.into_iter()));
        let held = H::hold(group);
        if held.is_none() {
            taken.miss(id);
        }
        held
    }

    /// The argument for the function.
    pub fn give(&self, held: &mut Option<H>) -> H {
        given(held)
    }
}

/// The type of the group.
impl<G: Group, H: 'static> Deref for Several<G, H> {
    type Target = Item<G>;

    fn deref(&self) -> &Item<G> {
        &Item::NEW
    }
}

//! The shapes of parameters: how values are taken off the line, held, and given to the function.

// Generated code calls the same methods on all shapes, even where one does not need its `self`.
#![allow(clippy::unused_self, clippy::unnecessary_wraps, clippy::option_option)]

use std::any::TypeId;
use std::borrow::{Borrow, ToOwned};
use std::marker::PhantomData;
use std::ops::Deref;
use std::vec::Vec;

use clap::builder::ValueParser;

use super::call::Call;
use super::param::Kind;
use super::scalar::Scalar as Usual;
use super::stop::{given, lent};
use super::taken::Taken;
use super::value::{Item, Kept, Parser, Told, Value};

/// What another shape knows of the shape in it.
pub trait Shape: 'static {
    /// What is held of the values.
    type Held;
    /// How many values.
    const KIND: Kind;
    /// The only value.
    const ONLY: &'static Self;
    /// Takes the values off the line.
    fn take_off(call: &mut Call) -> Option<Self::Held>;
}

/// The parts that all shapes share: how values are taken from the line and held, and how the
/// function gets them.
macro_rules! shape {
    (
        [$($generics:tt)*] $name:ident<$($t:ident)?> holds $held:ty, gives $out:ty, item $item:ty, kind $kind:ident,
        $take:expr, $give:expr
    ) => {
        #[doc = concat!("The shape of `", stringify!($out), "`.")]
        pub struct $name<$($t: ?Sized)?>(PhantomData<fn() -> ($(PhantomData<$t>,)?)>);

        impl<$($generics)*> $name<$($t)?> where $item: Kept {
            pub(super) const NEW: Self = Self(PhantomData);

            /// A parameter that texts describe completely.
            #[inline(never)]
            pub fn plain(&self, call: &mut Call, texts: &'static str, parser: Parser) -> Option<$held> {
                self.take(self.arg(call, texts, parser))
            }

            /// Begins with a parameter that needs more than texts.
            pub fn arg<'call>(
                &self,
                call: &'call mut Call,
                texts: &'static str,
                parser: Parser,
            ) -> &'call mut Call {
                call.param(texts, Kind::$kind, Some(parser))
            }

            /// The same for a parameter with its own parser.
            pub fn arg_as_told<'call>(
                &self,
                call: &'call mut Call,
                texts: &'static str,
            ) -> &'call mut Call {
                call.param(texts, Kind::$kind, None)
            }

            /// Takes the values off the line; [`give`](Self::give) hands them on.
            #[inline(never)]
            pub fn take(&self, call: &mut Call) -> Option<$held> {
                let take: fn(&mut Taken, &'static str) -> Option<$held> = $take;
                let (taken, id) = call.taken(TypeId::of::<$item>())?;
                take(taken, id)
            }

            /// The argument for the function.
            pub fn give<'held>(&self, held: &'held mut Option<$held>) -> $out {
                let give: fn(&'held mut Option<$held>) -> $out = $give;
                give(held)
            }
        }

        impl<$($generics)*> Shape for $name<$($t)?> where $item: Kept, Self: 'static {
            type Held = $held;
            const KIND: Kind = Kind::$kind;
            const ONLY: &'static Self = &Self(PhantomData);

            fn take_off(call: &mut Call) -> Option<$held> {
                Self::NEW.take(call)
            }
        }

        impl<$($generics)*> $name<$($t)?> where $item: Usual {
            /// Reads one value.
            #[must_use]
            pub fn parser(&self) -> Parser {
                <$item>::parser
            }
        }

        /// The type of one value. An unusual one climbs its ladder.
        impl<$($generics)*> Deref for $name<$($t)?> where $item: Kept {
            type Target = Item<$item>;

            fn deref(&self) -> &Item<$item> {
                &Item::NEW
            }
        }
    };
}

shape!([] Flag<> holds bool, gives bool, item bool, kind Flag,
    |taken, id| Some(taken.matches.get_flag(id)), given);
shape!([T] One<T> holds T, gives T, item T, kind One, one, given);
shape!([T] Maybe<T> holds Option<T>, gives Option<T>, item T, kind Maybe,
    |taken, id| Some(taken.one(id)), given);
shape!([T] MaybeMaybe<T> holds Option<Option<T>>, gives Option<Option<T>>, item T, kind MaybeMaybe,
    |taken, id| Some(taken.matches.contains_id(id).then(|| taken.one(id))), given);
shape!([T] Many<T> holds Vec<T>, gives Vec<T>, item T, kind Many, many, given);
shape!([T] MaybeMany<T> holds Option<Vec<T>>, gives Option<Vec<T>>, item T, kind Many,
    |taken, id| Some(taken.many(id)), given);
shape!([T] LentMany<T> holds Vec<T>, gives &'held [T], item T, kind Many, many, |held| lent(held.as_ref()).as_slice());
shape!([B: ?Sized + ToOwned] Lent<B> holds B::Owned, gives &'held B, item B::Owned, kind One,
    one, |held| lent(held.as_ref()).borrow());
shape!([B: ?Sized + ToOwned] LentMaybe<B> holds Option<B::Owned>, gives Option<&'held B>, item B::Owned, kind Maybe,
    |taken, id| Some(taken.one(id)), |held| lent(held.as_ref()).as_ref().map(Borrow::borrow));

fn one<T: Kept>(taken: &mut Taken, id: &'static str) -> Option<T> {
    let value = taken.one(id);
    if value.is_none() {
        taken.miss(id);
    }
    value
}

fn many<T: Kept>(taken: &mut Taken, id: &'static str) -> Option<Vec<T>> {
    Some(taken.many(id).unwrap_or_default())
}

/// The shape of any type, taken as one value: `#[arg(verbatim)]`.
#[must_use]
pub fn verbatim<T: Kept>() -> One<T> {
    One::NEW
}

/// The shape of a type that cannot be a parameter. Its only use is one error.
pub struct Bad<T>(PhantomData<T>);

impl<T> Bad<T> {
    pub(super) const NEW: Self = Self(PhantomData);

    /// Never compiles: `T` is no [`Value`].
    pub fn plain(&self, _: &mut Call, _: &'static str, _: Parser) -> Option<T>
    where
        T: Value,
    {
        None
    }

    /// Never compiles either.
    pub fn arg<'call>(&self, call: &'call mut Call, _: &'static str, _: Parser) -> &'call mut Call
    where
        T: Value,
    {
        call
    }

    /// Never compiles either.
    pub fn arg_as_told<'call>(&self, call: &'call mut Call, _: &'static str) -> &'call mut Call
    where
        T: Value,
    {
        call
    }

    /// Stands in for a parser.
    #[must_use]
    pub fn parser(&self) -> Parser {
        ValueParser::string
    }

    /// Stands in for a default value.
    pub fn typed<V>(&self, value: V) -> V {
        value
    }

    /// Stands in for default values.
    pub fn typed_all<V>(&self, values: impl IntoIterator<Item = V>) -> impl Iterator<Item = V> {
        values.into_iter()
    }

    /// Stands in for a parser.
    pub fn told<P>(&self, parser: P) -> Told<T, P> {
        Item::NEW.told(parser)
    }

    /// Stands in for the value.
    pub fn take(&self, _: &mut Call) -> Option<T> {
        None
    }

    /// Stands in for the argument.
    pub fn give(&self, held: &mut Option<T>) -> T {
        given(held)
    }
}

//! The first ladder: how many values does a parameter's type hold?
//!
//! A ladder is a method that several traits have, each on one more reference than the next. A
//! call on the longest reference takes the first rung that fits the type, so the type decides and
//! not its spelling, and nothing needs specialization.

// Generated code calls the same methods on all shapes, whether or not one needs its `self`.
#![allow(clippy::unused_self, clippy::unnecessary_wraps, clippy::option_option)]

use std::borrow::{Borrow, ToOwned};
use std::marker::PhantomData;
use std::vec::Vec;

use clap::ArgMatches;

use super::stop::Stop;
use super::value::{Item, NoItem, Value};

/// How many values, and whether any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `T`
    One,
    /// `bool`
    Flag,
    /// `Option<T>`
    Maybe,
    /// `Option<Option<T>>`
    MaybeMaybe,
    /// `Vec<T>` and `Option<Vec<T>>`
    Many,
}

/// The foot of the ladder.
pub struct Probe<T>(PhantomData<T>);

impl<T> Clone for Probe<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Probe<T> {}

impl<T> Probe<T> {
    /// The only value.
    pub const NEW: Self = Self(PhantomData);
}

/// What a parsed value must be, for it is kept behind `dyn Any`.
pub trait Kept: Clone + Send + Sync + 'static {}

impl<T: Clone + Send + Sync + 'static> Kept for T {}

/// A rung: the trait, its number of references, and which types it takes to which shape.
macro_rules! rung {
    ($rung:ident, $($types:tt)*) => {
        /// A rung.
        pub trait $rung {
            /// Knows how to read and to give the type.
            type Shape;
            /// The shape of the type.
            fn shape(self) -> Self::Shape;
        }
        rung!(@ $rung, $($types)*);
    };
    (@ $rung:ident,) => {};
    (@ $rung:ident, [$($generics:tt)*] $from:ty => $to:ty; $($rest:tt)*) => {
        impl<$($generics)*> $rung for $from {
            type Shape = $to;
            fn shape(self) -> $to {
                <$to>::NEW
            }
        }
        rung!(@ $rung, $($rest)*);
    };
}

rung! { Nested,
    [T: Kept] &&&&&Probe<Option<Option<T>>> => MaybeMaybe<T>;
    [T: Kept] &&&&&Probe<Option<Vec<T>>> => MaybeMany<T>;
    ['a, B: ?Sized + ToOwned<Owned: Kept>] &&&&&Probe<Option<&'a B>> => LentMaybe<B>;
    ['a, T: Kept] &&&&&Probe<&'a [T]> => LentMany<T>;
}
rung! { NestedBad,
    [T] &&&&Probe<Option<Option<T>>> => Bad<T, Option<Option<T>>>;
    [T] &&&&Probe<Option<Vec<T>>> => Bad<T, Option<Vec<T>>>;
}
rung! { Plain,
    [] &&&Probe<bool> => Flag;
    [T: Kept] &&&Probe<Option<T>> => Maybe<T>;
    [T: Kept] &&&Probe<Vec<T>> => Many<T>;
    ['a, B: ?Sized + ToOwned<Owned: Kept>] &&&Probe<&'a B> => Lent<B>;
}
rung! { PlainBad,
    [T] &&Probe<Option<T>> => Bad<T, Option<T>>;
    [T] &&Probe<Vec<T>> => Bad<T, Vec<T>>;
}
rung! { Scalar,
    [T: Kept] &Probe<T> => One<T>;
}
rung! { ScalarBad,
    [T] Probe<T> => Bad<T, T>;
}

/// The parts that all shapes of owned values share.
macro_rules! shape {
    ($name:ident<$($t:ident)?> gives $out:ty, item $item:ty, kind $kind:ident, $take:expr) => {
        #[doc = concat!("The shape of `", stringify!($out), "`.")]
        pub struct $name $(<$t>)? (PhantomData<$out>);

        impl $(<$t: Kept>)? $name $(<$t>)? {
            const NEW: Self = Self(PhantomData);

            /// The number of values.
            #[must_use]
            pub fn kind(&self) -> Kind {
                Kind::$kind
            }

            /// The type of one value.
            #[must_use]
            pub fn item(&self) -> Item<$item> {
                Item::NEW
            }

            /// Takes the values off the command line; [`give`](Self::give) hands them on.
            ///
            /// # Errors
            /// When a required value is missing.
            #[inline(never)]
            pub fn take(&self, matches: &mut ArgMatches, id: &'static str) -> Result<Option<$out>, Stop> {
                let take: fn(&mut ArgMatches, &'static str) -> Result<$out, Stop> = $take;
                take(matches, id).map(Some)
            }

            /// The argument for the function; what was taken is given once.
            pub fn give(&self, held: &mut Option<$out>) -> $out {
                match held.take() {
                    Some(value) => value,
                    None => unreachable!("each parameter is given once"),
                }
            }
        }
    };
}

shape!(Flag<> gives bool, item bool, kind Flag, |matches, id| Ok(matches.get_flag(id)));
shape!(One<T> gives T, item T, kind One, one);
shape!(Maybe<T> gives Option<T>, item T, kind Maybe, |matches, id| Ok(matches.remove_one(id)));
shape!(MaybeMaybe<T> gives Option<Option<T>>, item T, kind MaybeMaybe, |matches, id| {
    Ok(matches.contains_id(id).then(|| matches.remove_one(id)))
});
shape!(Many<T> gives Vec<T>, item T, kind Many, |matches, id| {
    Ok(matches.remove_many(id).into_iter().flatten().collect())
});
shape!(MaybeMany<T> gives Option<Vec<T>>, item T, kind Many, |matches, id| {
    Ok(matches.remove_many(id).map(Iterator::collect))
});

fn one<T: Kept>(matches: &mut ArgMatches, id: &'static str) -> Result<T, Stop> {
    matches.remove_one(id).ok_or(Stop::Missing(id))
}

/// The shape of any type, taken as one value: `#[arg(verbatim)]`.
#[must_use]
pub fn verbatim<T: Kept>() -> One<T> {
    One::NEW
}

/// The parts that all shapes of borrows share: the owned value is held, the function borrows it.
macro_rules! lent {
    ($name:ident<$t:ident: $($bound:path),*; ?Sized $($sized:ident)?> holds $held:ty, gives $out:ty, item $item:ty, kind $kind:ident, $take:expr, $give:expr) => {
        #[doc = concat!("The shape of `", stringify!($out), "`.")]
        pub struct $name<$t: ?Sized>(PhantomData<$t>);

        impl<$t: ?Sized $(+ $bound)*> $name<$t> where $item: Kept {
            const NEW: Self = Self(PhantomData);
        }
        impl<$t: ?Sized $(+ $bound)*> $name<$t> where $item: Kept {
            /// The number of values.
            #[must_use]
            pub fn kind(&self) -> Kind {
                Kind::$kind
            }

            /// The type of one value.
            #[must_use]
            pub fn item(&self) -> Item<$item> {
                Item::NEW
            }

            /// Takes the values off the command line; [`give`](Self::give) lends them.
            ///
            /// # Errors
            /// When a required value is missing.
            #[inline(never)]
            pub fn take(&self, matches: &mut ArgMatches, id: &'static str) -> Result<$held, Stop> {
                let take: fn(&mut ArgMatches, &'static str) -> Result<$held, Stop> = $take;
                take(matches, id)
            }

            /// The argument for the function.
            pub fn give<'held>(&self, held: &'held mut $held) -> $out {
                let give: fn(&'held $held) -> $out = $give;
                give(held)
            }
        }
    };
}

lent!(Lent<B: ToOwned; ?Sized> holds B::Owned, gives &'held B, item B::Owned, kind One, one, |held| held.borrow());
lent!(LentMaybe<B: ToOwned; ?Sized> holds Option<B::Owned>, gives Option<&'held B>, item B::Owned, kind Maybe,
    |matches, id| Ok(matches.remove_one(id)), |held| held.as_ref().map(Borrow::borrow));

/// The shape of `&[T]`.
pub struct LentMany<T>(PhantomData<T>);

impl<T: Kept> LentMany<T> {
    const NEW: Self = Self(PhantomData);

    /// The number of values.
    #[must_use]
    pub fn kind(&self) -> Kind {
        Kind::Many
    }

    /// The type of one value.
    #[must_use]
    pub fn item(&self) -> Item<T> {
        Item::NEW
    }

    /// Takes the values off the command line; [`give`](Self::give) lends them.
    ///
    /// # Errors
    /// When a required value is missing.
    pub fn take(&self, matches: &mut ArgMatches, id: &'static str) -> Result<Vec<T>, Stop> {
        Ok(matches.remove_many(id).into_iter().flatten().collect())
    }

    /// The argument for the function.
    pub fn give<'held>(&self, held: &'held mut Vec<T>) -> &'held [T] {
        held
    }
}

/// The shape of a type that can't be a parameter: its one use is to say so, once.
pub struct Bad<T, Out>(PhantomData<(T, Out)>);

impl<T, Out> Bad<T, Out> {
    const NEW: Self = Self(PhantomData);

    /// Never compiles: `T` is no [`Value`].
    #[must_use]
    pub fn kind(&self) -> Kind
    where
        T: Value,
    {
        Kind::One
    }

    /// Stands in for the type of one value.
    #[must_use]
    pub fn item(&self) -> NoItem {
        NoItem
    }

    /// Stands in for the value.
    ///
    /// # Errors
    /// Always.
    pub fn take(&self, _: &mut ArgMatches, id: &'static str) -> Result<Option<Out>, Stop> {
        Err(Stop::Missing(id))
    }

    /// Stands in for the argument.
    pub fn give(&self, _: &mut Option<Out>) -> Out {
        unreachable!("a type that is no `Value` does not compile")
    }
}

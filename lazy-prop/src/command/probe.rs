//! The first ladder: how many values does a parameter's type hold?
//!
//! A ladder is a method that several traits have, each on one more reference than the next. A
//! call on the longest reference takes the first rung that fits the type, so the type decides and
//! not its spelling, and nothing needs specialization.

use std::borrow::ToOwned;
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, Hash};
use std::marker::PhantomData;
use std::vec::Vec;

use super::given::{Given, Noted};
use super::map::Map;
use super::several::{Element, Several};
use super::shape::{Bad, Flag, Lent, LentMany, LentMaybe, Many, Maybe, MaybeMany, MaybeMaybe, One};
use super::value::Kept;

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
    [T: Kept] &&&Probe<Option<Option<T>>> => MaybeMaybe<T>;
    [T: Kept] &&&Probe<Option<Vec<T>>> => MaybeMany<T>;
    ['a, B: ?Sized + ToOwned<Owned: Kept>] &&&Probe<Option<&'a B>> => LentMaybe<B>;
    ['a, T: Kept] &&&Probe<&'a [T]> => LentMany<T>;
    [T: Element, const N: usize] &&&Probe<Option<[T; N]>> => Several<[T; N], Option<[T; N]>>;
    [A: Element, B: Element] &&&Probe<Option<(A, B)>> => Several<(A, B), Option<(A, B)>>;
    [A: Element, B: Element, C: Element] &&&Probe<Option<(A, B, C)>> => Several<(A, B, C), Option<(A, B, C)>>;
    [A: Element, B: Element, C: Element, D: Element] &&&Probe<Option<(A, B, C, D)>> => Several<(A, B, C, D), Option<(A, B, C, D)>>;
    [A: Element, B: Element, C: Element, D: Element, E: Element] &&&Probe<Option<(A, B, C, D, E)>> => Several<(A, B, C, D, E), Option<(A, B, C, D, E)>>;
    [A: Element, B: Element, C: Element, D: Element, E: Element, F: Element] &&&Probe<Option<(A, B, C, D, E, F)>> => Several<(A, B, C, D, E, F), Option<(A, B, C, D, E, F)>>;
    [T: Kept] &&&Probe<Given<Option<T>>> => Noted<Maybe<T>>;
    [T: Kept] &&&Probe<Given<Vec<T>>> => Noted<Many<T>>;
}
rung! { Plain,
    [] &&Probe<bool> => Flag;
    [T: Kept] &&Probe<Option<T>> => Maybe<T>;
    [T: Kept] &&Probe<Vec<T>> => Many<T>;
    [T: Kept] &&Probe<Given<T>> => Noted<One<T>>;
    [K: Kept + Eq + Hash, V: Kept, S: BuildHasher + Default + 'static] &&Probe<HashMap<K, V, S>> => Map<HashMap<K, V, S>, K, V>;
    [K: Kept + Ord, V: Kept] &&Probe<BTreeMap<K, V>> => Map<BTreeMap<K, V>, K, V>;
    [T: Element, const N: usize] &&Probe<[T; N]> => Several<[T; N], [T; N]>;
    [A: Element, B: Element] &&Probe<(A, B)> => Several<(A, B), (A, B)>;
    [A: Element, B: Element, C: Element] &&Probe<(A, B, C)> => Several<(A, B, C), (A, B, C)>;
    [A: Element, B: Element, C: Element, D: Element] &&Probe<(A, B, C, D)> => Several<(A, B, C, D), (A, B, C, D)>;
    [A: Element, B: Element, C: Element, D: Element, E: Element] &&Probe<(A, B, C, D, E)> => Several<(A, B, C, D, E), (A, B, C, D, E)>;
    [A: Element, B: Element, C: Element, D: Element, E: Element, F: Element] &&Probe<(A, B, C, D, E, F)> => Several<(A, B, C, D, E, F), (A, B, C, D, E, F)>;
    ['a, B: ?Sized + ToOwned<Owned: Kept>] &&Probe<&'a B> => Lent<B>;
}
rung! { Scalar,
    [T: Kept] &Probe<T> => One<T>;
}
rung! { NoShape,
    [T] Probe<T> => Bad<T>;
}

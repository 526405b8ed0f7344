//! The doors before the ladders: the usual types need no ladder.
//!
//! rustc looks at a value's own methods before those of any trait, and takes the first that fits. So a usual
//! type costs rustc one candidate, and not every rung of a ladder by value, by reference and by mutable
//! reference. All other types reach the ladder through the door's `Deref`.

use std::ffi::OsString;
use std::marker::PhantomData;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::string::String;
use std::vec::Vec;

use super::given::{Given, Noted};
use super::probe::Probe;
use super::scalar::Scalar;
use super::shape::{Flag, Lent, LentMaybe, Many, Maybe, MaybeMany, One};
use super::value::Kept;

/// The door to the ladder of shapes.
pub struct Door<T>(PhantomData<T>);

impl<T> Door<T> {
    /// The only value.
    pub const NEW: Self = Self(PhantomData);
}

impl<T: Usual> Door<T> {
    /// The shape of the type.
    #[must_use]
    #[allow(clippy::unused_self)]
    pub fn shape(self) -> T::Shape {
        T::SHAPE
    }
}

impl<T: 'static> Deref for Door<T> {
    type Target = &'static &'static &'static Probe<T>;

    fn deref(&self) -> &Self::Target {
        &&&&Probe::NEW
    }
}

/// A type whose shape is known without a ladder.
pub trait Usual {
    /// Its shape.
    type Shape;
    /// The only value of it.
    const SHAPE: Self::Shape;
}

macro_rules! usual {
    ($([$($generics:tt)*] $type:ty => $shape:ty;)*) => { $(
        impl<$($generics)*> Usual for $type {
            type Shape = $shape;
            const SHAPE: $shape = <$shape>::NEW;
        }
    )* };
}

macro_rules! ones {
    ($($type:ty)*) => { usual! { $([] $type => One<$type>; [] Given<$type> => Noted<One<$type>>;)* } };
}

ones! { String OsString PathBuf char f32 f64 i8 i16 i32 i64 u8 u16 u32 u64 }

usual! {
    [] bool => Flag;
    [] Given<bool> => Noted<Flag>;
    [T: Scalar] Given<Option<T>> => Noted<Maybe<T>>;
    [T: Kept] Given<Vec<T>> => Noted<Many<T>>;
    [T: Scalar] Option<T> => Maybe<T>;
    [T: Kept] Vec<T> => Many<T>;
    [T: Kept] Option<Vec<T>> => MaybeMany<T>;
    [] &str => Lent<str>;
    [] &Path => Lent<Path>;
    [] Option<&str> => LentMaybe<str>;
    [] Option<&Path> => LentMaybe<Path>;
}

//! The doors before the ladders: the usual types pass without a step on them.
//!
//! rustc looks at a value's own methods before those of any trait, and takes the first that fits.
//! So a usual type costs it one candidate, and not every rung of a ladder by value, by reference
//! and by mutable reference. All other types look through the door, by `Deref`, and climb.

use std::ffi::OsString;
use std::marker::PhantomData;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::string::String;
use std::vec::Vec;

use clap::builder::ValueParser;

use super::shape::{Flag, Kept, Lent, LentMaybe, Many, Maybe, MaybeMany, One, Probe};

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

/// A type of one value whose parser is known without a ladder.
pub trait Scalar: Kept {
    /// Its parser.
    fn parser() -> ValueParser;
}

macro_rules! scalars {
    ($($type:ty, $parser:expr;)*) => { $(
        impl Scalar for $type {
            fn parser() -> ValueParser {
                $parser
            }
        }

        impl Usual for $type {
            type Shape = One<Self>;
            const SHAPE: One<Self> = One::NEW;
        }
    )* };
}

scalars! {
    String, ValueParser::string();
    OsString, ValueParser::os_string();
    PathBuf, ValueParser::path_buf();
    char, clap::value_parser!(char).into();
    f32, clap::value_parser!(f32).into();
    f64, clap::value_parser!(f64).into();
    i8, clap::value_parser!(i8).into();
    i16, clap::value_parser!(i16).into();
    i32, clap::value_parser!(i32).into();
    i64, clap::value_parser!(i64).into();
    u8, clap::value_parser!(u8).into();
    u16, clap::value_parser!(u16).into();
    u32, clap::value_parser!(u32).into();
    u64, clap::value_parser!(u64).into();
}

impl Scalar for bool {
    fn parser() -> ValueParser {
        ValueParser::bool()
    }
}

macro_rules! usual {
    ($([$($generics:tt)*] $type:ty => $shape:ty;)*) => { $(
        impl<$($generics)*> Usual for $type {
            type Shape = $shape;
            const SHAPE: $shape = <$shape>::NEW;
        }
    )* };
}

usual! {
    [] bool => Flag;
    [T: Scalar] Option<T> => Maybe<T>;
    [T: Kept] Vec<T> => Many<T>;
    [T: Kept] Option<Vec<T>> => MaybeMany<T>;
    [] &str => Lent<str>;
    [] &Path => Lent<Path>;
    [] Option<&str> => LentMaybe<str>;
    [] Option<&Path> => LentMaybe<Path>;
}

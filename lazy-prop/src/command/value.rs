//! The second ladder: how one value of a type is read.

// The methods exist for the type of their `self`.
#![allow(clippy::unused_self, clippy::trivially_copy_pass_by_ref)]

use std::borrow::Borrow;
use std::boxed::Box;
use std::cell::Cell;
use std::ffi::OsString;
use std::fmt;
use std::format;
use std::marker::PhantomData;
use std::ops::Deref;
use std::str::FromStr;
use std::string::{String, ToString};

use clap::ValueEnum;
use clap::builder::{
    EnumValueParser, OsStringValueParser, TypedValueParser, ValueParser, ValueParserFactory,
};

/// The bounds of a parsed value, which clap keeps behind `dyn Any`.
pub trait Kept: Clone + Send + Sync + 'static {}

impl<T: Clone + Send + Sync + 'static> Kept for T {}

/// The type of one value.
pub struct Item<T>(PhantomData<T>);

impl<T> Clone for Item<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Item<T> {}

/// The foot of the ladder, which an [`Item`] leads to.
pub struct Foot<T>(PhantomData<T>);

impl<T> Clone for Foot<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Foot<T> {}

/// As many references as the ladder has rungs.
type Top<T> =
    &'static &'static &'static &'static &'static &'static &'static &'static &'static &'static Foot<
        T,
    >;

impl<T: 'static> Deref for Item<T> {
    type Target = Top<T>;

    fn deref(&self) -> &Top<T> {
        &&&&&&&&&&&Foot(PhantomData)
    }
}

impl<T> Item<T> {
    pub(super) const NEW: Self = Self(PhantomData);

    /// Gives `value` the type of the item.
    pub fn typed(&self, value: T) -> T {
        value
    }

    /// Gives each of `values`, or what they borrow, the type of the item.
    pub fn typed_all<V: Borrow<T>>(
        &self,
        values: impl IntoIterator<Item = V>,
    ) -> impl Iterator<Item = T>
    where
        T: Clone,
    {
        values.into_iter().map(|value| value.borrow().clone())
    }

    /// The parser that the user gave for the item.
    pub fn told<P>(&self, parser: P) -> Told<T, P> {
        Told::new(parser)
    }
}

/// The foot of a ladder, with the parser of `#[arg(value_parser = ...)]` for a `T`.
pub struct Told<T, P>(Cell<Option<P>>, PhantomData<T>);

impl<T, P> Told<T, P> {
    fn new(parser: P) -> Self {
        Self(Cell::new(Some(parser)), PhantomData)
    }

    fn take(&self) -> P {
        match self.0.take() {
            Some(parser) => parser,
            None => unreachable!("a parser is looked at once"),
        }
    }
}

/// Two equal types. The trait exists for its message.
#[diagnostic::on_unimplemented(
    message = "this `value_parser` makes `{Self}`, and the parameter takes `{T}`",
    label = "it makes `{Self}`"
)]
pub trait Is<T> {}

impl<T> Is<T> for T {}

/// The rung for parsers of a known type: functions and clap's own.
pub trait ToldTyped {
    /// The parser.
    type Parser: TypedValueParser;
    /// The type to read.
    type Wanted;
    /// The parser.
    fn parser(self) -> Self::Parser
    where
        <Self::Parser as TypedValueParser>::Value: Is<Self::Wanted>;
}

impl<T, P: TypedValueParser> ToldTyped for &&Told<T, P> {
    type Parser = P;
    type Wanted = T;

    fn parser(self) -> P
    where
        P::Value: Is<T>,
    {
        self.take()
    }
}

/// The rung for types from which clap makes a parser.
pub trait ToldAny {
    /// The parser.
    type Parser;
    /// The parser.
    fn parser(self) -> Self::Parser;
}

impl<T, P> ToldAny for &Told<T, P> {
    type Parser = P;

    fn parser(self) -> P {
        self.take()
    }
}

impl<T: Default> Item<T> {
    /// The value of `#[arg(default_value_t)]` without a value.
    #[must_use]
    pub fn default(&self) -> T {
        T::default()
    }
}

/// A type that can be read from the command line. The trait exists for its message.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a command line",
    label = "a parameter of a command needs `FromStr`, `clap::ValueEnum` or `From<OsString>`, and `Clone`",
    note = "or write `#[arg(value_parser = ...)]`, or `#[command(flatten)]` if it is `clap::Args`",
    note = "it must also be `Clone + Send + Sync + 'static`, because clap keeps its values"
)]
pub trait Value {}

/// Makes the parser. It is a function, so that generated code has nothing to drop.
pub(super) type Parser = fn() -> ValueParser;

macro_rules! rung {
    ($rung:ident, [$($generics:tt)*] $from:ty, $parser:expr $(, where $($bounds:tt)*)?) => {
        /// A rung.
        pub trait $rung {
            /// Reads one value.
            fn parser(self) -> Parser;
        }
        impl<$($generics)*> $rung for $from $(where $($bounds)*)? {
            fn parser(self) -> Parser {
                || $parser
            }
        }
    };
}

// The usual types are on the first rung, so that rustc finds them first.
rung!(Factory, [T: ValueParserFactory] &&&&&&&&&&Foot<T>, T::value_parser().into(),
    where T::Parser: Into<ValueParser>);
rung!(Integer, [T: Wide + Kept] &&&&&&&&&Foot<T>, ValueParser::new(T::read));
rung!(Enum, [T: ValueEnum + Kept] &&&&&&&&Foot<T>, EnumValueParser::<T>::new().into());
rung!(Os, [T: From<OsString> + Kept] &&&&&&&Foot<T>, OsStringValueParser::new().map(T::from).into());
rung!(Parse, [T: FromStr + Kept] &&&&&&Foot<T>, ValueParser::new(|s: &str| s.parse::<T>()),
    where T::Err: Into<Box<dyn std::error::Error + Send + Sync>> + 'static);
rung!(ParseDisplay, [T: FromStr + Kept] &&&&&Foot<T>, parsing(|s| s.parse::<T>().map_err(|e| e.to_string())),
    where T::Err: fmt::Display);
rung!(ParseDebug, [T: FromStr + Kept] &&&&Foot<T>, parsing(|s| s.parse::<T>().map_err(|e| debug(&e))),
    where T::Err: fmt::Debug);
rung!(ParseAny, [T: FromStr + Kept] &&&Foot<T>, parsing(|s| s.parse::<T>().map_err(|_| REFUSED.into())));
rung!(Text, [T: From<String> + Kept] &&Foot<T>, parsing(|s| Ok(T::from(s.into()))));
rung!(Str, [T: Kept] &Foot<T>, parsing(|s| Ok(T::from(s))), where T: for<'a> From<&'a str>);

/// The last rung: not a type for a command line.
pub trait NoValue {
    /// The type.
    type Type;
    /// Never compiles.
    fn parser(self) -> Parser
    where
        Self::Type: Value;
}

impl<T> NoValue for Foot<T> {
    type Type = T;

    fn parser(self) -> Parser
    where
        T: Value,
    {
        ValueParser::string
    }
}

const REFUSED: &str = "it is not of the form that is expected here";

fn parsing<T: Kept>(read: fn(&str) -> Result<T, String>) -> ValueParser {
    ValueParser::new(read)
}

/// An error that has only `Debug`. One without content prints nothing.
fn debug<E: fmt::Debug>(error: &E) -> String {
    if size_of::<E>() == 0 {
        return REFUSED.into();
    }
    format!("{error:?}")
}

/// What is read here: integers that clap reads without naming their range, pairs, durations and sizes.
pub trait Wide: Sized {
    /// Reads one.
    ///
    /// # Errors
    /// The mistake in the text.
    fn read(text: &str) -> Result<Self, String>;
}

/// `KEY=VALUE`
impl<K, V> Wide for (K, V)
where
    K: FromStr<Err: fmt::Display>,
    V: FromStr<Err: fmt::Display>,
{
    fn read(text: &str) -> Result<Self, String> {
        let Some((key, value)) = text.split_once('=') else {
            return Err("it has no `=`: write KEY=VALUE".into());
        };
        if key.is_empty() {
            return Err("it has no key before its `=`".into());
        }
        let key = key.parse().map_err(|error| format!("the key: {error}"))?;
        let value = value
            .parse()
            .map_err(|error| format!("the value: {error}"))?;
        Ok((key, value))
    }
}

/// `1h 30m`
#[cfg(feature = "duration")]
impl Wide for std::time::Duration {
    fn read(text: &str) -> Result<Self, String> {
        humantime::parse_duration(text).map_err(|error| error.to_string())
    }
}

/// `10MiB`
#[cfg(feature = "size")]
impl Wide for bytesize::ByteSize {
    fn read(text: &str) -> Result<Self, String> {
        let told = "a size is a number with a unit, as in 10MiB or 1.5GB";
        text.parse().map_err(|_| told.into())
    }
}

macro_rules! wide {
    ($($int:ty)*) => { $(
        impl Wide for $int {
            fn read(text: &str) -> Result<Self, String> {
                text.parse().map_err(|error: std::num::ParseIntError| {
                    if is_integer(text) {
                        format!("{text} is not in {}..={}", Self::MIN, Self::MAX)
                    } else {
                        error.to_string()
                    }
                })
            }
        }
    )* };
}

wide!(usize isize u128 i128);

fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

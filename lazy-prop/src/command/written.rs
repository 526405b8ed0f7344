//! The third ladder: the text of a default value.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::string::ToString;

use clap::ValueEnum;

/// The text of a default value on the command line.
pub struct Written<'a, T: ?Sized>(pub &'a T);

impl<T: ?Sized> Clone for Written<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for Written<'_, T> {}

macro_rules! written {
    ($rung:ident, [$($generics:tt)*] $from:ty, |$value:ident| $text:expr) => {
        /// A rung of the ladder for default values.
        pub trait $rung {
            /// The text that reads back as the value.
            fn written(self) -> OsString;
        }
        impl<$($generics)*> $rung for $from {
            fn written(self) -> OsString {
                let $value = self.0;
                $text
            }
        }
    };
}

written!(WrittenEnum, ['a, T: ValueEnum] &&Written<'a, T>, |value| {
    value.to_possible_value().map(|name| name.get_name().into()).unwrap_or_default()
});
written!(WrittenOs, ['a, T: AsRef<OsStr> + ?Sized] &Written<'a, T>, |value| value.as_ref().into());
written!(WrittenDisplay, ['a, T: fmt::Display + ?Sized] Written<'a, T>, |value| value.to_string().into());

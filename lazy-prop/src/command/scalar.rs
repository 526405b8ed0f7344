//! The usual types of one value, whose parsers need no ladder.

use std::ffi::OsString;
use std::path::PathBuf;
use std::string::String;

use clap::builder::ValueParser;

use super::value::Kept;

/// A type of one value whose parser needs no ladder.
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
    )* };
}

scalars! {
    bool, ValueParser::bool();
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

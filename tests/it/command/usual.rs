//! The usual types take a short way through the macro's types, all others climb its ladders. Where
//! both lead, they lead to the same.

use std::any::type_name_of_val;
use std::ffi::OsString;
use std::fmt::Debug;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use lazy_prop::__private::command::Door;
use lazy_prop::__private::command::ladders::*;
use lazy_prop::command::clap::builder::ValueParser;
use lazy_prop::command::clap::{Arg, Command};

/// What is read: numbers in and out of range, words, nothing, and what is no text.
fn lines() -> Vec<OsString> {
    let numbers = ["0", "7", "-1", "+1", "127", "128", "-129", "256", "65536"];
    let wide = ["-2147483649", "4294967296", "18446744073709551616", "1e3"];
    let words = ["", "x", "é", "xy", "true", "no", "/a/../b", "1.5", "NaN"];
    let lines = [&numbers[..], &wide, &words].concat();
    let bytes = OsString::from_vec(vec![b'a', 0xff]);
    lines.into_iter().map(Into::into).chain([bytes]).collect()
}

/// The argument, and all that it makes of the lines.
fn told<T: Debug + Clone + Send + Sync + 'static>(parser: ValueParser) -> String {
    let arg = Arg::new("value").value_parser(parser);
    let told = format!("{arg:?} {:?}", arg.get_possible_values());
    let arg = arg.allow_hyphen_values(true);
    let command = Command::new("app").arg(arg);
    let read = lines().into_iter().map(|line| {
        let matches = command.clone().try_get_matches_from(["app".into(), line]);
        let value = matches.map(|mut matches| matches.remove_one::<T>("value"));
        let value = value.map_err(|error| error.to_string());
        format!("\n{value:?}")
    });
    told + &read.collect::<String>()
}

macro_rules! both_ways {
    ($($ty:ty => $item:ty),* $(,)?) => { $( {
        let (short, climbed) = (Door::<$ty>::NEW.shape(), (*Door::<$ty>::NEW).shape());
        let name = stringify!($ty);
        assert_eq!(type_name_of_val(&short), type_name_of_val(&climbed), "{name}");
        let (short, climbed) = (short.parser(), (**climbed).parser());
        assert_eq!(told::<$item>(short()), told::<$item>(climbed()), "{name}");
    } )* };
}

#[test]
fn a_usual_type_is_what_the_ladders_make_of_it() {
    both_ways! {
        String => String, OsString => OsString, PathBuf => PathBuf, char => char,
        f32 => f32, f64 => f64,
        i8 => i8, i16 => i16, i32 => i32, i64 => i64,
        u8 => u8, u16 => u16, u32 => u32, u64 => u64,
        bool => bool,
    }
}

#[test]
fn so_is_what_holds_them() {
    both_ways! {
        Option<String> => String, Option<PathBuf> => PathBuf, Option<u16> => u16,
        Option<f64> => f64, Option<bool> => bool,
        Vec<String> => String, Vec<PathBuf> => PathBuf, Vec<i64> => i64, Vec<bool> => bool,
        Option<Vec<String>> => String, Option<Vec<u8>> => u8,
        &str => String, &Path => PathBuf,
        Option<&str> => String, Option<&Path> => PathBuf,
    }
}

//! Commands of a library, and options that other crates share.

use std::path::PathBuf;

lazy_prop::options! {
    /// Options for whoever runs something.
    pub running:
    /// Directory to run in.
    working_directory => #[arg(short = 'w', long, default_value = DEFAULT, value_hint = lazy_prop::command::clap::ValueHint::DirPath)],
    /// How loud, from 0 to 9.
    level => #[arg(long, value_parser = level, default_value = "1")],
}

/// Private to this crate, and yet part of its dictionary.
const DEFAULT: &str = ".";

fn level(text: &str) -> Result<u8, String> {
    match text.parse() {
        Ok(level @ 0..=9) => Ok(level),
        _ => Err("it goes from 0 to 9".into()),
    }
}

/// Check the tools.
#[lazy_prop::command(group = "tools", options = running)]
pub fn check(working_directory: PathBuf, level: u8) {
    println!("check in {} at {level}", working_directory.display());
}

/// Deeply nested.
pub mod deep {
    lazy_prop::options! { pub running:
        /// Another dictionary of the same name.
        level => #[arg(short)],
    }

    /// Count to a number.
    #[lazy_prop::command]
    pub fn count(to: u32) {
        for i in 1..=to {
            println!("{i}");
        }
    }
}

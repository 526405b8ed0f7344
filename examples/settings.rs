//! How does a program load its settings once, when they are first needed, without passing them
//! around? With `#[lazy]` on a function: one value for the whole program.
//!
//! ```text
//! COLUMNS=40 NO_COLOR=1 cargo run --example settings
//! ```

use std::env;

use lazy_prop::lazy;

/// The settings that the environment has for the output of this program.
struct Settings {
    width: usize,
    color: bool,
}

impl Settings {
    fn from_env() -> Self {
        println!("(reading the environment)");
        let width = env::var("COLUMNS").ok();
        Self {
            width: width.and_then(|width| width.parse().ok()).unwrap_or(80),
            color: env::var_os("NO_COLOR").is_none(),
        }
    }
}

/// The settings of this program. The first thread that needs them reads them.
#[lazy]
fn settings() -> &'static Settings {
    Settings::from_env()
}

fn heading(text: &str) -> String {
    let line = format!("{text:-^0$}", settings().width);
    if settings().color {
        format!("\x1b[1m{line}\x1b[0m")
    } else {
        line
    }
}

fn main() {
    println!("nothing is read so far");
    println!("{}", heading(" one "));
    println!("{}", heading(" two "));
}

//! Arguments: required, optional, with a default, with help, from the environment.

use std::process::ExitCode;

use lazy_prop::{cli, command, commands};

/// One that may be missing.
#[command]
fn optional(
    /// Who is greeted.
    name: Option<&str>,
) {
    println!("Hello {}", name.unwrap_or("World"));
}

/// One with a default, which help shows.
#[command]
fn default(#[arg(default_value = "Wade")] name: &str) {
    println!("Hello {name}");
}

/// One that a variable gives.
#[command]
fn environment(#[arg(env = "AWESOME_NAME", default_value = "World")] name: &str) {
    println!("Hello {name}");
}

fn main() -> ExitCode {
    cli!(commands![optional, default, environment]).run()
}

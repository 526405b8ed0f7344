//! Options: required, with short names, negatable, read by a function.

use std::process::ExitCode;

use lazy_prop::{cli, command, commands};

/// An option is required if its type is.
#[command]
fn name(#[arg(long)] first: String, #[arg(short, long)] last_name: Option<String>) {
    println!("Hello {first} {}", last_name.unwrap_or_default());
}

/// A flag that can be taken back.
#[command]
fn accept(#[arg(negatable)] accept: Option<bool>) {
    println!("{accept:?}");
}

/// A function checks the value.
#[command]
fn only(#[arg(long, value_parser = camila)] name: String) {
    println!("Hello {name}");
}

fn camila(text: &str) -> Result<String, String> {
    if text == "Camila" {
        Ok(text.into())
    } else {
        Err("only Camila is allowed".into())
    }
}

fn main() -> ExitCode {
    cli!(commands![name, accept, only]).run()
}

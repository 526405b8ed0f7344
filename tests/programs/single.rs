//! A program that is one command, whose options may stand in files.

use std::process::ExitCode;

use lazy_prop::{cli, command};

#[command]
fn greet(name: String, #[arg(long, default_value = "Hello")] greeting: String) {
    println!("{greeting}, {name}!");
}

fn main() -> ExitCode {
    cli!(greet).config("single").run()
}

//! First steps: a function with a parameter is a program with an argument.

use std::process::ExitCode;

use lazy_prop::{cli, command};

/// Say hello to someone.
#[command]
fn hello(
    name: &str,
    /// Say it formally.
    #[arg(long)]
    formal: bool,
) {
    if formal {
        println!("Good day, {name}.");
    } else {
        println!("Hello {name}");
    }
}

fn main() -> ExitCode {
    cli!(hello).run()
}

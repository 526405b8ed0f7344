//! Files: they open when the command uses them, and `-` is a standard stream.

use std::io;
use std::process::ExitCode;

use lazy_prop::command::{Input, Output};
use lazy_prop::{cli, command};

/// Write a text in capitals.
#[command]
fn shout(text: Input, #[arg(short, long, default_value = "-")] output: Output) -> io::Result<()> {
    output.write(text.read()?.to_uppercase())
}

fn main() -> ExitCode {
    cli!(shout).run()
}

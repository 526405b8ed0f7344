//! A program with its own commands and those of a library.

use std::error::Error;
use std::fmt;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use lazy_prop::command;
use lazy_prop::command::Shell;

#[derive(Debug)]
struct Outer(io::Error);

impl fmt::Display for Outer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("can't start the service")
    }
}

impl Error for Outer {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

/// Start a service.
#[command(options = tools::running)]
fn start(
    /// Its name.
    service: String,
    working_directory: PathBuf,
    level: u8,
    #[arg(long, env = "SERVICES_NICE")] nice: Option<i8>,
    #[arg(long, value_enum)] shell: Option<Shell>,
) -> Result<(), Outer> {
    if service == "bad" {
        return Err(Outer(io::Error::other("no such file")));
    }
    println!("{service} {working_directory:?} {level} {nice:?} {shell:?}");
    Ok(())
}

/// Print the completion script of a shell.
#[command]
fn completions(shell: Shell) -> io::Result<()> {
    lazy_prop::command::completions(shell, &lazy_prop::cli!(), &mut io::stdout())
}

/// Print the manual.
#[command]
fn manual() -> io::Result<()> {
    lazy_prop::command::man(&lazy_prop::cli!(), &mut io::stdout())
}

/// Write lines and hand errors on.
#[command]
fn lines() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for i in 0..100_000 {
        writeln!(out, "{i}")?;
    }
    Ok(())
}

/// End with a code.
#[command]
fn code(code: u8) -> ExitCode {
    ExitCode::from(code)
}

/// Panic.
#[command]
fn fail() {
    panic!("as it was told");
}

fn main() -> ExitCode {
    lazy_prop::cli!().run()
}

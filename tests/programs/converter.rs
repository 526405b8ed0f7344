//! A program with values of many kinds, which reports its errors by itself.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::process::ExitCode;
use std::time::Duration;

use lazy_prop::command::{ByteSize, Input, Output};
use lazy_prop::{cli, command, commands};

/// The form of the output.
#[derive(Debug, Clone)]
#[command(exclusive)]
enum Form {
    /// As JSON.
    Json,
    /// As YAML.
    Yaml,
    /// By a format.
    #[arg(long = "format")]
    Named(String),
}

/// Convert a file.
#[command]
fn convert(
    from: Input,
    to: Output,
    #[command(flatten)] form: Form,
    /// The horizontal and the vertical one.
    #[arg(long)]
    scale: Option<(f64, u8)>,
    /// Of the largest file.
    #[arg(long)]
    limit: Option<ByteSize>,
    /// For the whole work.
    #[arg(long)]
    timeout: Option<Duration>,
    /// A variable.
    #[arg(long)]
    set: BTreeMap<String, u8>,
    /// Whether it is lively.
    #[arg(negatable)]
    color: bool,
) -> io::Result<()> {
    let mut text = String::new();
    io::Read::read_to_string(&mut from.open()?, &mut text)?;
    let form = match form {
        Form::Json => "JSON".to_owned(),
        Form::Yaml => "YAML".to_owned(),
        Form::Named(name) => name,
    };
    println!("{form} {scale:?} {limit:?} {timeout:?} {set:?} {color} {to} {text}");
    Ok(())
}

/// Look at all.
#[command(default)]
fn status(#[arg(long)] all: bool) {
    println!("status {all}");
}

/// Another program.
#[command(external)]
fn other(words: Vec<OsString>) -> Result<(), String> {
    Err(format!("there is no program for {words:?}"))
}

/// Remove a mark of a tag of a branch.
#[command(group = "branch tag mark")]
fn remove(name: String) {
    println!("removed {name}");
}

fn main() -> ExitCode {
    let cli = cli!(commands![convert, status, other, remove])
        .group("branch", "Lines of work")
        .group("branch tag", "Names in a line of work")
        .help_formats();
    match cli.try_run_from(std::env::args_os()) {
        Ok(code) => code,
        Err(error) => error.report(),
    }
}

//! A program that asks in a terminal.

use std::process::ExitCode;

use lazy_prop::command::Secret;
use lazy_prop::{cli, command, commands};

#[command]
fn login(
    #[arg(long, prompt)] user_name: String,
    #[arg(long, prompt = "How old", default_value_t = 18)] age: u8,
    #[arg(long, prompt)] password: Secret,
) {
    println!("{user_name} {age} {password:?} {}", password.expose());
}

#[command(confirm = "Remove all?")]
fn remove(#[arg(short)] yonder: bool) {
    println!("removed {yonder}");
}

/// Its own `--yes` answers too.
#[command(confirm = "Start?")]
fn start(#[arg(long)] yes: bool) {
    println!("started {yes}");
}

#[command]
fn plot(#[arg(prompt)] point: (f64, f64), #[arg(long, prompt)] note: Option<String>) {
    println!("{point:?} {note:?}");
}

fn main() -> ExitCode {
    cli!(commands![login, remove, start, plot]).run()
}

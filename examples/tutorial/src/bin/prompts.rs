//! Prompts: values that are asked for, passwords, a question before the command runs.

use std::process::ExitCode;

use lazy_prop::command::Secret;
use lazy_prop::{cli, command, commands};

#[command]
fn login(#[arg(long, prompt = "Your name")] name: String, #[arg(long, prompt)] password: Secret) {
    println!("{name} has {} letters", password.expose().chars().count());
}

#[command(confirm = "Are you sure to delete all users?")]
fn delete_all() {
    println!("Deleted");
}

fn main() -> ExitCode {
    cli!(commands![login, delete_all]).run()
}

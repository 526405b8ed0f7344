//! Commands: several functions, their names and their help.

use std::process::ExitCode;

use lazy_prop::{cli, command};

/// Create a user.
#[command]
fn create(username: &str) {
    println!("Creating user: {username}");
}

/// Delete a user.
#[command(visible_alias = "rm")]
fn delete(
    username: &str,
    /// Delete without a word.
    #[arg(long)]
    force: bool,
) {
    println!("Deleting user: {username}, force: {force}");
}

/// Show all users.
#[command(name = "list", help_heading = "Look")]
fn users() {
    println!("No users yet");
}

fn main() -> ExitCode {
    cli!().run()
}

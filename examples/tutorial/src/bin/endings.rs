//! Terminating: a result, an error, an exit code.

use std::process::ExitCode;

use lazy_prop::{cli, command};

/// Create a user, unless the name is taken.
#[command]
fn create(username: &str) -> Result<ExitCode, String> {
    match username {
        "root" => Err("the user root is reserved".into()),
        "camila" => {
            println!("The user is there already");
            Ok(ExitCode::from(3))
        }
        name => {
            println!("User created: {name}");
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn main() -> ExitCode {
    cli!(create).run()
}

//! The callback of a program: the options of all commands, and the default command.

use std::process::ExitCode;

use lazy_prop::command;

/// Manage users.
#[command]
struct App {
    /// Say more.
    #[arg(short, long)]
    verbose: bool,
}

#[command]
impl App {
    /// Create a user.
    #[command]
    fn create(&self, username: &str) {
        if self.verbose {
            println!("About to create {username}");
        }
        println!("Created {username}");
    }

    /// Count the users.
    #[command(default)]
    fn count(&self) {
        println!("{}0 users", if self.verbose { "There are " } else { "" });
    }
}

fn main() -> ExitCode {
    App::cli().run()
}

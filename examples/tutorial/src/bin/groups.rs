//! Subcommands: nested groups of commands, each in its own module.

use std::process::ExitCode;

mod users {
    /// Create a user.
    #[lazy_prop::command(group = "users")]
    fn create(name: &str) {
        println!("Creating user: {name}");
    }
}

mod towns {
    /// Found a town.
    #[lazy_prop::command(group = "lands towns")]
    fn found(name: &str) {
        println!("Founding town: {name}");
    }

    /// Burn a town.
    #[lazy_prop::command(group = "lands towns")]
    fn burn(name: &str) {
        println!("Burning town: {name}");
    }
}

fn main() -> ExitCode {
    lazy_prop::cli!()
        .group("users", "Manage users")
        .group("lands", "Manage lands")
        .group("lands towns", "Manage towns")
        .run()
}

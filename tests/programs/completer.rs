//! A program that completes its own command line.

use std::process::ExitCode;

use lazy_prop::command;
use lazy_prop::command::clap::ValueHint;
use lazy_prop::command::{Candidate, Shell};

/// Look after services.
#[command]
struct App {
    /// The names of the services, with a comma between them.
    #[arg(long, default_value = "db,web")]
    known: String,
    #[arg(long, complete = levels)]
    level: Option<u8>,
}

fn levels(_typed: &str) -> [&'static str; 2] {
    ["10", "20"]
}

impl App {
    fn services(&self, typed: &str) -> Vec<Candidate> {
        let known = self.known.split(',');
        known
            .map(|name| Candidate::new(name).help(format!("after {typed}")))
            .collect()
    }
}

#[command]
impl App {
    /// Start one.
    #[command]
    fn start(
        &self,
        #[arg(complete = App::services)] service: String,
        #[arg(long)] mode: Option<Shell>,
        #[arg(long, value_hint = ValueHint::Username)] user: Option<String>,
        #[arg(long)] file: Option<std::path::PathBuf>,
    ) {
        println!("{service} {mode:?} {user:?} {file:?} {:?}", self.level);
    }
}

fn main() -> ExitCode {
    App::cli().completions().run()
}

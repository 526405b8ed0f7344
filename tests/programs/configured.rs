//! A program whose options may stand in files.

use std::process::ExitCode;

use lazy_prop::command;
use lazy_prop::command::Shell;

/// Look after services.
#[command(env_prefix = "CONFIGURED_")]
struct App {
    /// Where they are kept.
    #[arg(long, default_value = "svc.db")]
    db: String,
    #[arg(long)]
    level: Option<u8>,
    #[arg(negatable)]
    color: bool,
}

#[command]
impl App {
    /// Add one.
    #[command(group = "remote", alias = "plus")]
    fn add(
        &self,
        name: String,
        #[arg(long)] tag: Vec<String>,
        #[arg(long)] shell: Shell,
        #[arg(long)] force: bool,
        #[arg(short, long, action = lazy_prop::command::clap::ArgAction::Count)] verbose: u8,
    ) {
        println!(
            "{} {:?} {} {name} {tag:?} {shell} {force} {verbose}",
            self.db, self.level, self.color
        );
    }
}

fn main() -> ExitCode {
    App::cli().config("configured").run()
}

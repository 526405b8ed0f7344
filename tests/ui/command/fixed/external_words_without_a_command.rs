// Rule: words that are no command are for a function.
// Why: clap lets them through, and nothing would run.
// Instead: write a function for them.
use std::ffi::OsString;

use lazy_prop::command;

#[command]
struct App {}

#[command]
impl App {
    #[command]
    fn show(&self) {}

    #[command(external)]
    fn other(&self, words: Vec<OsString>) {
        println!("{words:?}");
    }
}

fn main() {
    let _ = App::cli();
}

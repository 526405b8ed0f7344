// Rule: words that are no command are for a function.
// Why: clap lets them through, and nothing would run.
// Instead: write a function for them.
use lazy_prop::command;

#[command(allow_external_subcommands)]
struct App {}

#[command]
impl App {
    #[command]
    fn show(&self) {}
}

fn main() {
    let _ = App::cli();
}

// Rule: the struct of a block of commands has `#[command]` too.
// Why: its fields are the options of all commands.
// Instead: write `#[command]` on the struct.
use lazy_prop::command;

struct App;

#[command]
impl App {
    #[command]
    fn show(&self) {}
}

fn main() {}

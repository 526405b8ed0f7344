// Rule: all commands of an app stand in one block.
// Why: the block is the list of them.
// Instead: move the commands into one block; other methods stand where they like.
use lazy_prop::command;

#[command]
struct App {}

#[command]
impl App {
    #[command]
    fn show(&self) {}
}

#[command]
impl App {
    #[command]
    fn hide(&self) {}
}

fn main() {
    let _ = App::cli();
}

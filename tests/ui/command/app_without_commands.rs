// Rule: an app has a block of commands.
// Why: without one its command line can run nothing.
// Instead: write `#[command]` on an impl block, and on the methods in it.
use lazy_prop::command;

#[command]
struct App {
    #[arg(default_value = "svc.db")]
    db: String,
}

fn main() {
    let _ = App::cli();
}

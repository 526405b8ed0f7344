// Rule: an app has a block of commands.
// Why: without one its command line has nothing to run.
// Instead: write `#[command]` on an impl block, and on the methods in it.
use lazy_prop::command;

#[command]
struct App {
    #[arg(default_value = "svc.db")]
    db: String,
}

#[command]
impl App {
    #[command]
    fn show(&self) {
        println!("{}", self.db);
    }
}

fn main() {
    let _ = App::cli();
}

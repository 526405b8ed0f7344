// Rule: a block of commands marks at least one method.
// Why: an unmarked method is a plain method.
// Instead: write `#[command]` on the methods that are commands.
use lazy_prop::command;

#[command]
struct App {
    #[arg(default_value = "svc.db")]
    db: String,
}

#[command]
impl App {
    fn show(&self) {
        println!("{}", self.db);
    }
}

fn main() {}

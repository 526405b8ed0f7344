// Rule: a method is a command only in an impl block with `#[command]`.
// Why: the block knows the app, the method does not.
// Instead: write `#[command]` on the block too.
use lazy_prop::command;

struct App {
    db: String,
}

impl App {
    #[command]
    fn remove(&self, #[arg(long)] service: String) {
        println!("{} {service}", self.db);
    }
}

fn main() {
    App { db: String::new() }.remove(String::new());
}

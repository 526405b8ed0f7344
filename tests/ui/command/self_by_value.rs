// Rule: a method that is a command borrows its app.
// Why: the app belongs to all commands, and to the code that runs them.
// Instead: write `&self` or `&mut self`.
use lazy_prop::command;

#[command]
struct App {
    #[arg(default_value = "svc.db")]
    db: String,
}

#[command]
impl App {
    #[command]
    fn remove(self, service: String) {
        println!("{} {service}", self.db);
    }

    #[command]
    fn list(&self) {}
}

fn main() {
    let _ = App::cli();
}

// Rule: an app has no parameters.
// Why: it is made from a command line, which has no types to choose.
// Instead: use concrete types.
use lazy_prop::command;

#[command]
struct App {
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

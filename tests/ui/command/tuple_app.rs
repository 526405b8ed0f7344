// Rule: the fields of an app have names.
// Why: they are the names of the options.
// Instead: write a struct with named fields.
use lazy_prop::command;

#[command]
struct App(String);

#[command]
impl App {
    #[command]
    fn show(&self) {
        println!("{}", self.0);
    }
}

fn main() {}

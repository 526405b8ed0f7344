// Rule: `prompt` belongs on a parameter of a command.
// Why: each command of the app would ask, also one that does not use the value.
// Instead: take the value where it is used.
use lazy_prop::command;

#[command]
struct App {
    #[arg(long, prompt)]
    token: String,
}

#[command]
impl App {
    #[command]
    fn login(&self) {}
}

fn main() {}

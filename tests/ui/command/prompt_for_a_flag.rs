// Rule: `prompt` is for a parameter with a value.
// Why: a flag is given or not, so there is nothing to type.
// Instead: ask before the command runs.
use lazy_prop::command;

#[command]
fn remove(service: String, #[arg(long, prompt)] force: bool) {
    println!("{service} {force}");
}

fn main() {}

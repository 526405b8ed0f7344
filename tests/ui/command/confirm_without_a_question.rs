// Rule: `confirm` has a question.
// Why: the person at the terminal reads it.
// Instead: write the question.
use lazy_prop::command;

#[command(confirm)]
fn remove(service: String) {
    println!("{service}");
}

fn main() {}

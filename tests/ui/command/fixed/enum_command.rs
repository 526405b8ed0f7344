// Rule: a command is a function.
// Why: that is the point; the commands of a program need no enum of their own.
// Instead: write one function for each variant.
use lazy_prop::command;

#[command]
fn add(service: String) {
    println!("{service}");
}

#[command]
fn list() {}

fn main() {
    let _ = lazy_prop::cli!(lazy_prop::commands![add, list]);
}

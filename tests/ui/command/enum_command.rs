// Rule: a command is a function.
// Why: that is the point; the commands of a program need no enum of their own.
// Instead: write one function for each variant.
use lazy_prop::command;

#[command]
enum Command {
    Add { service: String },
    List,
}

fn main() {}

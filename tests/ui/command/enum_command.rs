// Rule: a command is a function.
// Why: the commands of a program need no enum.
// Instead: write one function for each variant.
use lazy_prop::command;

#[command]
enum Command {
    Add { service: String },
    List,
}

fn main() {}

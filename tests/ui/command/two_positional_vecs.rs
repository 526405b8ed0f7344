// Rule: at most one positional parameter takes the rest of the line.
// Why: nothing on the line says where the first `Vec` ends.
// Instead: make all but one an option.
use lazy_prop::command;

#[command]
fn copy(from: Vec<String>, to: Vec<String>) {
    println!("{from:?} {to:?}");
}

fn main() {}

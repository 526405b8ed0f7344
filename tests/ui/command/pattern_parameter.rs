// Rule: a parameter is a name, not a pattern.
// Why: its name is the name of the argument.
// Instead: name it, and take it apart in the body.
use lazy_prop::command;

#[command]
fn go((x, y): (u8, u8), _: String) {
    println!("{x} {y}");
}

fn main() {}

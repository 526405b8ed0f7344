// Rule: a parameter is a name, no pattern.
// Why: its name is the name of the argument.
// Instead: name it, and take it apart in the body.
use lazy_prop::command;

#[command]
fn go(x: u8, y: u8, note: String) {
    println!("{x} {y} {note}");
}

fn main() {
    let _ = lazy_prop::cli!(go);
}

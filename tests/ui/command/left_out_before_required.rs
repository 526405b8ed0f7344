// Rule: what may be left out stands last, or between one required positional parameter and the last.
// Why: the parser counts words from the front, and looks ahead for no more than the last one.
// Instead: move it to the end, or make it an option.
use lazy_prop::command;

#[command]
fn send(from: Option<String>, to: String, text: String) {
    println!("{from:?} {to} {text}");
}

#[command]
fn copy(files: Vec<String>, into: Option<String>) {
    println!("{files:?} {into:?}");
}

fn main() {}

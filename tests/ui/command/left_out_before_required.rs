// Rule: an optional positional parameter comes last, or before one final required one.
// Why: the parser counts words from the front, and looks ahead only for the last one.
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

// Rule: a list owns its values.
// Why: the line is read value by value, and somebody must own each value while the command runs.
// Instead: take `Vec<String>`, or borrow the whole list: `&[String]`.
use std::path::Path;

use lazy_prop::command;

#[command]
fn say(words: Vec<&str>) {
    println!("{words:?}");
}

#[command]
fn show(files: &[&Path], #[arg(long)] tags: Option<Vec<&str>>) {
    println!("{files:?} {tags:?}");
}

fn main() {}

// Rule: a command is one word, a group one or more.
// Why: the words on the line choose it.
// Instead: name a word; the words before it are its group.
use lazy_prop::command;

#[command(name = "service", group = "add")]
fn add() {}

#[command(group = "old remote")]
fn list() {}

fn main() {
    let _ = lazy_prop::cli!(lazy_prop::commands![add, list]);
}

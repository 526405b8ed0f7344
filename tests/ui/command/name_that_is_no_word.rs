// Rule: a command is one word, a group one or more.
// Why: the words on the line choose the command.
// Instead: write one word. The words before it are its group.
use lazy_prop::command;

#[command(name = "add service")]
fn add() {}

#[command(group = "")]
fn list() {}

fn main() {}

// Rule: each word takes a value of its form.
// Why: a text is no character, and a number no text.
// Instead: write the value as the message shows it.
use lazy_prop::command;

#[command]
fn list(#[arg(short = "a", required = "yes")] all: u8, #[arg(default_value = 4)] most: u8) {
    println!("{all} {most}");
}

fn main() {}

// Rule: each word takes a value of its form.
// Why: a text is no character, and a number no text.
// Instead: write the value as the message shows it.
use lazy_prop::command;

#[command]
fn list(#[arg(short = 'a', required = true)] all: u8, #[arg(default_value_t = 4)] most: u8) {
    println!("{all} {most}");
}

fn main() {
    let _ = lazy_prop::cli!(list);
}

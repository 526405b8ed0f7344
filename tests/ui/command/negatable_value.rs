// Rule: what is negatable is a `bool`, or an `Option` of one.
// Why: `--no-name` means `false`.
// Instead: take a `bool`.
use lazy_prop::command;

#[command]
fn paint(#[arg(negatable)] color: String) {
    println!("{color}");
}

fn main() {}

// Rule: each option has its own name.
// Why: `-s` on the line can mean only one of them.
// Instead: rename one of them.
use lazy_prop::command;

#[command]
fn add(#[arg(short, long)] service: String, #[arg(short, long)] size: u8) {
    println!("{service} {size}");
}

fn main() {}

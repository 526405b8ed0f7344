// Rule: each option has a name of its own.
// Why: `-s` on the line can mean one of them.
// Instead: give one of them another name.
use lazy_prop::command;

#[command]
fn add(#[arg(short, long)] service: String, #[arg(short = 'z', long)] size: u8) {
    println!("{service} {size}");
}

fn main() {
    let _ = lazy_prop::cli!(add);
}

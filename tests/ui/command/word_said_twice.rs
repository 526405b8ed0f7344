// Rule: each word stands once.
// Why: the second would win without a word.
// Instead: keep one.
use lazy_prop::command;

#[command(name = "a", name = "b")]
fn add(#[arg(long, short, long = "name")] service: String) {
    println!("{service}");
}

fn main() {}

// Rule: each word stands once.
// Why: the second would silently win.
// Instead: keep one.
use lazy_prop::command;

#[command(name = "a")]
fn add(#[arg(short, long = "name")] service: String) {
    println!("{service}");
}

fn main() {
    let _ = lazy_prop::cli!(add);
}

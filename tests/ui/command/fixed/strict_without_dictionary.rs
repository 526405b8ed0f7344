// Rule: with `strict` and no dictionary, each parameter says what it is.
// Why: that is what `strict` asks for.
// Instead: write `#[arg(...)]`; empty, it is a positional.
use lazy_prop::command;

#[command(strict)]
fn add(#[arg()] service: String, #[arg(long)] size: u8) {
    println!("{service} {size}");
}

fn main() {
    let _ = lazy_prop::cli!(add);
}

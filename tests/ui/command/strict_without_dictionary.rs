// Rule: with `strict` and no dictionary, each parameter has an `#[arg]`.
// Why: `strict` asks for it.
// Instead: write `#[arg(...)]`. An empty one makes the parameter positional.
use lazy_prop::command;

#[command(strict)]
fn add(service: String, #[arg(long)] size: u8) {
    println!("{service} {size}");
}

fn main() {}

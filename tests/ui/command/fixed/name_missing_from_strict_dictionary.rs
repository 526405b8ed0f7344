// Rule: with `strict`, a parameter is in the dictionary or says itself what it is.
// Why: a misspelled name would silently be a positional argument.
// Instead: spell it as the dictionary does, or write `#[arg(...)]` on it.
use lazy_prop::{command, options};

options! { shared:
    working_directory => #[arg(short = 'w', long)],
    stdout => #[arg(short = 'o', long)],
}

#[command(options = shared, strict)]
fn add(#[arg()] service: String, working_directory: String) {
    println!("{service} {working_directory}");
}

fn main() {
    let _ = lazy_prop::cli!(add);
}

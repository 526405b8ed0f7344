// Rule: with `strict`, a parameter is in the dictionary or has an `#[arg]` of its own.
// Why: otherwise a misspelled name would become a positional argument.
// Instead: spell it as the dictionary does, or write `#[arg(...)]` on it.
use lazy_prop::{command, options};

options! { shared:
    working_directory => #[arg(short = 'w', long)],
    stdout => #[arg(short = 'o', long)],
}

#[command(options = shared, strict)]
fn add(service: String, workin_directory: String) {
    println!("{service} {workin_directory}");
}

fn main() {}

// Rule: a word in `#[arg(...)]` is one of ours or a method of `clap::Arg`.
// Why: a word without a meaning is a mistake.
// Instead: write the word that you meant.
use lazy_prop::command;

#[command]
fn add(#[arg(logn, shrt, help_heading, valeu_name = "N", short)] service: String) {
    println!("{service}");
}

fn main() {}

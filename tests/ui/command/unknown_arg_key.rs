// Rule: what stands in `#[arg(...)]` is one of our words or a method of `clap::Arg`.
// Why: a word that means nothing is a mistake.
// Instead: write the word that was meant.
use lazy_prop::command;

#[command]
fn add(#[arg(logn, shrt, help_heading, valeu_name = "N", short)] service: String) {
    println!("{service}");
}

fn main() {}

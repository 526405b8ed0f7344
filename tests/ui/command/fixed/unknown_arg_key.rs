// Rule: what stands in `#[arg(...)]` is one of our words or a method of `clap::Arg`.
// Why: a word that means nothing is a mistake.
// Instead: write the word that was meant.
use lazy_prop::command;

#[command]
fn add(#[arg(long, short, help_heading = "Names", value_name = "N")] service: String) {
    println!("{service}");
}

fn main() {
    let _ = lazy_prop::cli!(add);
}

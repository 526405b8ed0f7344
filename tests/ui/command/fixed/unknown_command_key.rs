// Rule: what stands in `#[command(...)]` is one of our words or a method of `clap::Command`.
// Why: a word that means nothing is a mistake.
// Instead: write the word that was meant.
use lazy_prop::command;

lazy_prop::options! { shared: quiet => #[arg(short)] }

#[command(options = shared, hide, name = "a")]
fn add(quiet: bool) {
    println!("{quiet}");
}

fn main() {
    let _ = lazy_prop::cli!(add);
}

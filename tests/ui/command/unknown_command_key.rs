// Rule: what stands in `#[command(...)]` is one of our words or a method of `clap::Command`.
// Why: a word that means nothing is a mistake.
// Instead: write the word that was meant.
use lazy_prop::command;

lazy_prop::options! { shared: quiet => #[arg(short)] }

#[command(optoins = shared, hid, nmae = "a")]
fn add() {}

fn main() {}

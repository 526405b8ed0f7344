// Rule: a word in `#[command(...)]` is one of ours or a method of `clap::Command`.
// Why: a word without a meaning is a mistake.
// Instead: write the word that you meant.
use lazy_prop::command;

lazy_prop::options! { shared: quiet => #[arg(short)] }

#[command(optoins = shared, hid, nmae = "a")]
fn add() {}

fn main() {}

// Rule: what is counted is a number.
// Why: a `bool` has no room for how often.
// Instead: count in a `u8`.
use lazy_prop::command;

#[command]
fn show(#[arg(short, action = command::clap::ArgAction::Count)] verbose: bool) {
    println!("{verbose}");
}

fn main() {}

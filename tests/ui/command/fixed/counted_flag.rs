// Rule: what is counted is a number.
// Why: a `bool` has no room for how often.
// Instead: count in a `u8`.
use lazy_prop::command;

#[command]
fn show(#[arg(short, action = command::clap::ArgAction::Count)] verbose: u8) {
    println!("{verbose}");
}

fn main() {
    let _ = lazy_prop::cli!(show);
}

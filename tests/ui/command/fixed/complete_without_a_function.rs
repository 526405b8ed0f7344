// Rule: `complete` takes a function.
// Why: what fits depends on what is typed so far.
// Instead: write a function from what is typed to what is offered.
use lazy_prop::command;

fn services(_typed: &str) -> [&'static str; 2] {
    ["db", "web"]
}

#[command]
fn start(#[arg(complete = services)] service: String) {
    println!("{service}");
}

fn main() {
    let _ = lazy_prop::cli!(start);
}

// Rule: `complete` takes a function.
// Why: what fits depends on what is typed so far.
// Instead: write a function from what is typed to what is offered.
use lazy_prop::command;

#[command]
fn start(#[arg(complete("db", "web"))] service: String) {
    println!("{service}");
}

fn main() {}

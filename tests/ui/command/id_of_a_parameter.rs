// Rule: the id of a parameter is its name.
// Why: the value is found by the name of the parameter.
// Instead: rename the parameter, or give the option another long name.
use lazy_prop::command;

#[command]
fn add(#[arg(id = "name")] service: String) {
    println!("{service}");
}

fn main() {}

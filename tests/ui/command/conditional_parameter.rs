// Rule: no `#[cfg]` on a parameter.
// Why: the call of the function would have to come and go with it.
// Instead: write the function twice, each with its `#[cfg]`.
use lazy_prop::command;

#[command]
fn add(service: String, #[cfg(unix)] user: String) {
    println!("{service} {user}");
}

fn main() {}

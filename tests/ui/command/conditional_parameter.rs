// Rule: a parameter has no `#[cfg]`.
// Why: the generated call of the function would need the same `#[cfg]`.
// Instead: write the function twice, each with its `#[cfg]`.
use lazy_prop::command;

#[command]
fn add(service: String, #[cfg(unix)] user: String) {
    println!("{service} {user}");
}

fn main() {}

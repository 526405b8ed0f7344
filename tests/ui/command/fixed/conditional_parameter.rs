// Rule: no `#[cfg]` on a parameter.
// Why: the call of the function would have to come and go with it.
// Instead: write the function twice, each with its `#[cfg]`.
use lazy_prop::command;

#[cfg(unix)]
#[command]
fn add(service: String, user: String) {
    println!("{service} {user}");
}

#[cfg(not(unix))]
#[command]
fn add(service: String) {
    println!("{service}");
}

fn main() {
    let _ = lazy_prop::cli!(add);
}

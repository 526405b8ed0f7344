// Rule: a lazy function that returns by value returns a `Copy` type, or clones it.
// Why: each caller gets a value, and the kept one stays.
// Instead: lend the value for the whole program, `-> &'static str`; or say `#[lazy(cloned)]`.
use lazy_prop::lazy;

#[lazy]
fn home() -> String {
    "/home".to_owned()
}

fn main() {}

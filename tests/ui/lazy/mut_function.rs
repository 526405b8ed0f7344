// Rule: `mut` belongs to a property, not to a function.
// Why: what a function keeps is shared by the whole program, so nobody can change it alone.
// Instead: make it a property of a struct, or keep a `Mutex`.
use lazy_prop::lazy;

#[lazy(mut)]
fn names() -> &'static [String] {
    Vec::new()
}

fn main() {}

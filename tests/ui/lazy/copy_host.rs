// Rule: a host is not `Copy`.
// Why: the kept values belong to one instance, and a copy made in passing would lose them.
// Instead: derive `Clone` alone: a clone starts with nothing computed.
use lazy_prop::lazy;

#[lazy]
#[derive(Clone, Copy)]
struct Point {
    x: f64,
}

#[lazy]
impl Point {}

fn main() {}

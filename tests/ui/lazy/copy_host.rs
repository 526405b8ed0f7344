// Rule: a host is not `Copy`.
// Why: kept values belong to one instance, and an implicit copy would lose them.
// Instead: derive only `Clone`: a clone has computed nothing.
use lazy_prop::lazy;

#[lazy]
#[derive(Clone, Copy)]
struct Point {
    x: f64,
}

#[lazy]
impl Point {}

fn main() {}

// Rule: a tuple struct has its hidden field by hand.
// Why: a field that is added behind your back would change how the struct is made: `Point(1.0, 2.0)`.
// Instead: add `Lazy<Self>` as the last field, and name its number on the impl block.
use lazy_prop::lazy;

#[lazy]
struct Point(f64, f64);

fn main() {}

// Rule: in a tuple struct you write the hidden field by hand.
// Why: an added field would change how the struct is made: `Point(1.0, 2.0)`.
// Instead: add `Lazy<Self>` as the last field, and name its number on the impl block.
use lazy_prop::lazy;

#[lazy]
struct Point(f64, f64);

fn main() {}

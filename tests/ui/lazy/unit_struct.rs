// Rule: a unit struct has no place for the hidden field.
// Why: a unit struct is a value by its name alone, and with a field it would not be.
// Instead: write it with braces: `struct Empty {}`.
use lazy_prop::lazy;

#[lazy]
struct Empty;

fn main() {}

// Rule: a unit struct has no place for the hidden field.
// Why: its name alone is a value, and with a field it would not be.
// Instead: write it with braces: `struct Empty {}`.
use lazy_prop::lazy;

#[lazy]
struct Empty;

fn main() {}

// Rule: no other field has the name of the hidden field.
// Why: a field of that name counts as the hidden field written by hand, so its type must be `Lazy<Self>`.
// Instead: give the hidden field another name, on the struct and on the impl block.
use lazy_prop::lazy;

#[lazy]
struct Student {
    lazy: bool,
}

fn main() {}

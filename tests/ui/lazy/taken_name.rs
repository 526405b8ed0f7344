// Rule: the hidden field has a name that no other field has.
// Why: a field of that name that is written by hand holds the cells, so its type is `Lazy<Self>`.
// Instead: give the hidden field another name, on the struct and on the impl block.
use lazy_prop::lazy;

#[lazy]
struct Student {
    lazy: bool,
}

fn main() {}

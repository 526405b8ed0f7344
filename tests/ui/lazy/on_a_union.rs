// Rule: `#[lazy]` does not stand on a union.
// Why: the fields of a union share one place, and the cells need their own.
// Instead: put the union into a struct.
use lazy_prop::lazy;

#[lazy]
union Bits {
    float: f32,
    int: u32,
}

fn main() {}

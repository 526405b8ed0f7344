// Rule: `#[lazy]` does not stand on an enum.
// Why: an enum has no field that all of its variants share.
// Instead: put the enum into a struct.
use lazy_prop::lazy;

#[lazy]
enum Shape {
    Circle(f64),
    Square(f64),
}

fn main() {}

// Rule: a variant of exclusive options has one value or none.
// Why: each variant is one option.
// Instead: put several values into a tuple.
use lazy_prop::command;

#[command(exclusive)]
enum Shape {
    Circle(f64),
    Square { width: f64, height: f64 },
}

fn main() {}

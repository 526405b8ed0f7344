// Rule: each value of a tuple or an array is read by `FromStr`.
// Why: one argument has several types, so clap cannot read them.
// Instead: use types with `FromStr`, or write it for the type.
use lazy_prop::command;

struct Mark;

#[command]
fn plot(point: (f64, Mark)) {
    let _ = point;
}

fn main() {}

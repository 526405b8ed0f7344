// Rule: a lazy property that returns a value returns a `Copy` one.
// Why: the value stays in the cell, so each read gives another one. A hidden clone would cost time.
// Instead: lend it with `-> &T`, or write `#[lazy(cloned)]` for a clone at each read.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    fn upper(&self) -> String {
        self.text.to_uppercase()
    }
}

fn main() {}

// Rule: what a lazy property returns by value is `Copy`.
// Why: the value stays in the cell, so each read gives another one; a hidden clone would cost.
// Instead: lend it, `-> &T`, or ask for a clone at each read, `#[lazy(cloned)]`.
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

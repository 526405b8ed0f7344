// Rule: a struct with `#[lazy]` has an impl block with `#[lazy]`.
// Why: the block declares what the field of the struct holds.
// Instead: write `#[lazy]` on the block that has the lazy methods, or remove it from the struct.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

impl Report {
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }
}

fn main() {}

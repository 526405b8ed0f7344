// Rule: a struct that is marked `#[lazy]` has an impl block that is marked `#[lazy]`.
// Why: the struct's field holds the cells that the block declares.
// Instead: mark the block of the lazy methods, or take the mark off the struct.
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

// Rule: a lazy method stands in an impl block that is marked `#[lazy]` too.
// Why: a method's own macro sees neither its host nor the other properties; the block makes the cells.
// Instead: write `#[lazy]` on the impl block.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

impl Report {
    #[lazy]
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }
}

#[lazy]
impl Report {}

fn main() {}

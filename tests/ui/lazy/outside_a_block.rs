// Rule: a lazy method stands in an impl block that has `#[lazy]` too.
// Why: the macro on a method sees neither the host nor the other properties. The block makes the cells.
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

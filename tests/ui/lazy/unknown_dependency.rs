// Rule: `depends(…)` names fields of the host and properties of the block.
// Why: a misspelled name would keep a stale value without a word.
// Instead: write the name that the error suggests.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy(depends(texts))]
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }
}

fn main() {}

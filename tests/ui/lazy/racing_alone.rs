// Rule: a property with `racing` is in a `sync` block.
// Why: without threads, no reader waits for another.
// Instead: write `#[lazy(sync)]` on the block, or take it away.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy(racing)]
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }
}

fn main() {}

// Rule: `clears(…)` names properties of the block.
// Why: a misspelled name would keep a stale value without a word.
// Instead: write the name that the error suggests.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }

    #[lazy(clears(word))]
    fn clear(&mut self) {
        self.text.clear();
    }
}

fn main() {}

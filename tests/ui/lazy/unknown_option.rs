// Rule: an option of `#[lazy]` is one that the macro knows.
// Why: a misspelled option would do nothing without a word.
// Instead: write the option that the error suggests.
use lazy_prop::lazy;

#[lazy(covariance)]
struct Report {
    text: String,
}

#[lazy(sink)]
impl Report {
    #[lazy(clone)]
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }

    #[lazy(banana)]
    fn lines(&self) -> usize {
        self.text.lines().count()
    }
}

fn main() {}

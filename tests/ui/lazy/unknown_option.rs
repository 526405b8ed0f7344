// Rule: an option of `#[lazy]` is one of those that are known.
// Why: a misspelt option would silently do nothing.
// Instead: write the one that the error names.
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

// Rule: a lazy property does not take `self` by value.
// Why: the host keeps the value, and the call would consume the host.
// Instead: take `&self`, or write a plain method that consumes the host.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    fn into_words(self) -> usize {
        self.text.split(' ').count()
    }
}

fn main() {}

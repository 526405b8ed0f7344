// Rule: a lazy property doesn't take `self` by value.
// Why: the value is kept in the host, which would be gone after the call.
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

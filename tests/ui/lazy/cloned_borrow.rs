// Rule: `cloned` is for values, not for what is lent.
// Why: a borrow is never cloned, so the word would say nothing.
// Instead: take `cloned` away, or return `T` by value.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy(cloned)]
    fn upper(&self) -> &str {
        self.text.to_uppercase()
    }
}

fn main() {}

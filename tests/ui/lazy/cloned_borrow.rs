// Rule: `cloned` belongs to a value that is returned, not to one that is lent.
// Why: a borrow is never cloned, so the word would do nothing.
// Instead: remove `cloned`, or return `T` by value.
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

// Rule: a kept value doesn't borrow from its own host, but by the outer reference.
// Why: the value lives in the host beside what it would point to, and the host can move.
// Instead: keep owned parts (`String` for `&str`), positions, or borrow from what the host borrows.
use std::borrow::Cow;

use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    fn words(&self) -> Vec<&str> {
        self.text.split(' ').collect()
    }

    #[lazy]
    fn lower(&self) -> &Cow<'_, str> {
        Cow::Borrowed(&self.text)
    }

    #[lazy]
    fn lines<'s>(&'s self) -> &'s [&'s str] {
        self.text.lines().collect()
    }
}

fn main() {}

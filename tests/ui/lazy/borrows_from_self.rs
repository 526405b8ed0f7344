// Rule: a kept value does not borrow from its own host, except through a reference that the host holds.
// Why: the host can move, and the value would still point to the old place.
// Instead: keep owned parts (`String` for `&str`) or positions, or borrow from what the host borrows.
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

// Rule: a lazy property doesn't take `self: Rc<Self>`, `Box<Self>` or `Pin<&Self>`.
// Why: the value is lent from the host, for as long as `&self` lives.
// Instead: take `&self`; through an `Rc<Report>` it can be called all the same.
use std::rc::Rc;

use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    fn words(self: Rc<Self>) -> usize {
        self.text.split(' ').count()
    }
}

fn main() {}

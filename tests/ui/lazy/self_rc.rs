// Rule: a lazy property does not take `self: Rc<Self>`, `Box<Self>` or `Pin<&Self>`.
// Why: the host lends the value for as long as `&self` lives.
// Instead: take `&self`. An `Rc<Report>` can still call it.
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

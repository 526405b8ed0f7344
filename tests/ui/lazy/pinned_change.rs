// Rule: a method of the block that may change fields takes `&mut self` or `self`.
// Why: through `Pin<&mut Self>` and the like no value can be cleared.
// Instead: take `&mut self`; or write `#[lazy(keeps)]` if it changes nothing that properties read.
use std::pin::Pin;

use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }

    fn clear(self: Pin<&mut Self>) {
        self.get_mut().text.clear();
    }
}

fn main() {}

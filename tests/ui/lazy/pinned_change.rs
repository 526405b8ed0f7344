// Rule: a method of the block that may change fields takes `&mut self` or `self`.
// Why: through `Pin<&mut Self>` and the like a value can't be cleared.
// Instead: take `&mut self`; or say `#[lazy(keeps)]` if the values stay right.
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

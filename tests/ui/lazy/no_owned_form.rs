// Rule: what is lent has an owned form, or `store` names one.
// Why: the cell keeps a value of its own: `String` for `&str`, `T` for `&T`; for a trait object none is known.
// Instead: name what is kept: `#[lazy(store = Box<dyn Display>)]`.
use std::fmt::Display;

use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    fn shown(&self) -> &dyn Display {
        Box::new(self.text.len())
    }
}

fn main() {}

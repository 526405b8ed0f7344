// Rule: the borrowed type has an owned form, or `store` names one.
// Why: the cell keeps an owned value: `String` for `&str`, `T` for `&T`. A trait object has no such type.
// Instead: name the type to keep: `#[lazy(store = Box<dyn Display>)]`.
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

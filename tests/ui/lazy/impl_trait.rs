// Rule: a lazy property does not return `impl Trait`.
// Why: a cell is a field, and the type of a field needs a name.
// Instead: name the type, or lend a trait object: `&dyn Trait` with `store = Box<dyn Trait>`.
use std::fmt::Display;

use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    fn title(&self) -> impl Display {
        self.text.to_uppercase()
    }
}

fn main() {}

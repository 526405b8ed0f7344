// Rule: a `const fn` does not change a field that a property reads.
// Why: it would have to clear the property, and nothing can be cleared at compile time.
// Instead: remove `const`.
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

    const fn text_mut(&mut self) -> &mut String {
        &mut self.text
    }
}

fn main() {}

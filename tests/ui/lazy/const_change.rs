// Rule: a `const fn` doesn't change what a property reads.
// Why: it would have to clear the value, which can't be done at compile time.
// Instead: take `const` away; or say `#[lazy(keeps)]` if the values stay right.
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

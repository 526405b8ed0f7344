// Rule: the struct of a home has the hidden field.
// Why: the kept values live in it.
// Instead: write `#[lazy]` on the struct, or add `lazy: Lazy<Self>` by hand.
use lazy_prop::lazy;

struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }

    #[lazy]
    fn lines(&self) -> usize {
        self.text.lines().count()
    }
}

fn main() {}

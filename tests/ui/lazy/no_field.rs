// Rule: a home's struct has the hidden field.
// Why: the cells that the block declares are kept in it.
// Instead: mark the struct `#[lazy]`, or add `lazy: Lazy<Self>` by hand.
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

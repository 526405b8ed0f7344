// Rule: one hidden field has one home.
// Why: the field holds the cells of one impl block.
// Instead: put the properties into one block, or give the second home its own field: `Lazy<Self, 1>`.
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
}

#[lazy]
impl Report {
    #[lazy]
    fn lines(&self) -> usize {
        self.text.lines().count()
    }
}

fn main() {}

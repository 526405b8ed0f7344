// Rule: a lazy property has a return type.
// Why: the cell keeps what the method returns, and there is nothing to keep.
// Instead: return the value; for work that is to be done once, return `()` by name.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    fn check(&self) {
        assert!(!self.text.is_empty());
    }
}

fn main() {}

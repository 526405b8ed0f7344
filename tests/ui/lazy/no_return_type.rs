// Rule: a lazy property has a return type.
// Why: the cell keeps the returned value, and here there is none.
// Instead: return the value. If the body does work that is to be done once, return `()` explicitly.
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

// Rule: the body makes the value that is kept, and the signature lends it.
// Why: a body that makes a borrow leaves nothing to keep.
// Instead: make the owned value: `.to_owned()`, `.collect()`. A plain view of a field needs no property.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    fn trimmed(&self) -> &str {
        self.text.trim()
    }
}

fn main() {}

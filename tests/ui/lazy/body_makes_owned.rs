// Rule: the body evaluates to what is kept, the signature lends it.
// Why: a body that borrows has nothing to put into the cell.
// Instead: make the owned value: `.to_owned()`, `.collect()`; for a plain view of a field, no cell is needed.
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

// Rule: a host keeps another of its type behind a pointer.
// Why: the cell is a field of the host, so a host in it would have no end.
// Instead: write `#[lazy(store = Box<Self>)]`.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    fn new(text: &str) -> Self {
        Self { text: text.to_owned() }
    }

    #[lazy]
    fn lower(&self) -> &Self {
        Self::new(&self.text.to_lowercase())
    }
}

fn main() {}

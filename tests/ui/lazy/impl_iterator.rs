// Rule: a lazy property does not return an iterator.
// Why: an iterator is used up by the first reader, and the value is for all of them.
// Instead: collect the items, and lend them as a slice.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    fn lengths(&self) -> impl Iterator<Item = usize> {
        self.text.lines().map(str::len)
    }
}

fn main() {}

// Rule: a lazy property takes only `&self`.
// Why: one cell keeps one value, and that value cannot be right for every argument.
// Instead: keep the argument in a field of the host, or write a plain method; the guide has a page on a value for each argument.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    fn longer_than(&self, limit: usize) -> bool {
        self.text.len() > limit
    }
}

fn main() {}

// Rule: a lazy property has no parameters of its own.
// Why: one cell keeps a value of one type.
// Instead: move the parameter to the impl block, or write a plain method.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    fn parsed<T: std::str::FromStr>(&self) -> Option<T> {
        self.text.parse().ok()
    }
}

fn main() {}

// Rule: a flag stands alone.
// Why: it says all by being there, and nothing by being away.
// Instead: write the flag alone, or take it away.
use lazy_prop::lazy;

#[lazy(strict = true)]
struct Report {
    text: String,
}

#[lazy(sync = false)]
impl Report {
    #[lazy(cloned(String))]
    fn upper(&self) -> String {
        self.text.to_uppercase()
    }
}

fn main() {}

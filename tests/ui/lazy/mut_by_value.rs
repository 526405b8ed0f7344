// Rule: `mut` belongs to a value that is lent, not to one that is returned.
// Why: a change of a copy changes nothing.
// Instead: return `&T`, `Option<&T>` or `Result<&T, E>`.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy(mut)]
    fn words(&self) -> usize {
        self.text.split_whitespace().count()
    }
}

fn main() {}

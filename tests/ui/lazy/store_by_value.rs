// Rule: `store` belongs to a type that is lent, not to one that is returned.
// Why: it names the type that the borrow comes from. A value is kept as it is.
// Instead: remove `store`, or lend: `-> &T`.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy(store = Box<usize>)]
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }
}

fn main() {}

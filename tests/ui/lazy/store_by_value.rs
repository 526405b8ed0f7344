// Rule: `store` is for what is lent, not for values.
// Why: it names what the cell keeps and the borrow comes from; a value is kept as it is.
// Instead: take `store` away, or lend: `-> &T`.
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

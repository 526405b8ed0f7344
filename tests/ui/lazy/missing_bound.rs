// Rule: a block asks of its parameters what the struct asks, or says what the cells need.
// Why: the hidden field is in every struct, also in those that don't meet the block's bounds.
// Instead: `#[lazy(bound = "")]` if the kept types need no bound; else name it there, or repeat it on the struct.
use lazy_prop::lazy;

#[lazy]
struct Report<T> {
    data: T,
}

#[lazy]
impl<T: ToString> Report<T> {
    #[lazy]
    fn shown(&self) -> &str {
        self.data.to_string()
    }
}

fn main() {}

// Rule: a block has the bounds of its struct, or `bound` names the bounds that the kept types need.
// Why: every value of the struct has the hidden field, also where the block's bounds do not hold.
// Instead: write `#[lazy(bound = "")]` if the kept types need no bound. Otherwise name the bound there, or repeat it on the struct.
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

// Rule: a lazy property has no `where` clause of its own.
// Why: the cell is a field of every host, also of those for which the clause doesn't hold.
// Instead: move the bound to the impl block, with `bound = "…"` where the struct has it not.
use lazy_prop::lazy;

#[lazy]
struct Report<T> {
    data: T,
}

#[lazy]
impl<T> Report<T> {
    #[lazy]
    fn shown(&self) -> &str
    where
        T: ToString,
    {
        self.data.to_string()
    }
}

fn main() {}

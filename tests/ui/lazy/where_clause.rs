// Rule: a lazy property has no `where` clause of its own.
// Why: every host has the cell, also a host for which the clause does not hold.
// Instead: move the bound to the impl block, with `bound = "…"` if the struct lacks it.
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

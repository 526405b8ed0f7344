// Rule: a lazy property is no `const fn`.
// Why: it is computed at run time, on first use.
// Instead: take `const` away; what can be computed at compile time needs no cell: take `lazy` away.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    const fn limit(&self) -> usize {
        80
    }
}

fn main() {}

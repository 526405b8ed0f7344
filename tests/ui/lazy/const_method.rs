// Rule: a lazy property is not a `const fn`.
// Why: it is computed at run time, on first use.
// Instead: remove `const`. A value that can be computed at compile time needs no property: remove `lazy` then.
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

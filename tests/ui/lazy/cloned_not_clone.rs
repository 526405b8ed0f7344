// Rule: the type that `#[lazy(cloned)]` returns is `Clone`.
// Why: each read gives a clone of the kept value.
// Instead: lend it: `-> &T` without `cloned`.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy(cloned)]
    fn file(&self) -> Handle {
        Handle
    }
}

struct Handle;

fn main() {}

// Rule: methods and functions can be lazy, constants and types cannot.
// Why: a constant has no first use at run time.
// Instead: write a lazy function: one value for the whole program.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    const NAMES: usize = 3;
}

fn main() {}

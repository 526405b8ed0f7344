// Rule: derives stand below `#[lazy]`.
// Why: attributes run from the top, so a derive above sees the struct without the hidden field.
// Instead: write `#[lazy]` first.
use lazy_prop::lazy;

#[derive(Clone)]
#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {}

fn main() {}

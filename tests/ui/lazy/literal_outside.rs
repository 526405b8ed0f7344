// Rule: a literal outside of the `#[lazy]` block names the hidden field.
// Why: the macro sees only its own block.
// Instead: call a constructor of the block, or write `lazy: Lazy::new()`.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    fn new(text: String) -> Self {
        Self { text }
    }
}

fn main() {
    let report = Report { text: "a b".to_owned() };
    let Report { text } = report;
}

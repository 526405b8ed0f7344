// Rule: a literal inside of a macro's parentheses names the hidden field.
// Why: the other macro reads those tokens, and they need not be Rust.
// Instead: make the value before the call, or write `lazy: Lazy::new()`.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    fn pair() -> Vec<Self> {
        vec![Self { text: String::new() }, Self { text: String::new() }]
    }
}

fn main() {}

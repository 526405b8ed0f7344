// Rule: a literal inside of a macro's parentheses names the hidden field.
// Why: what stands there is the other macro's to read; it need not even be Rust.
// Instead: make the value before, or write `lazy: Lazy::new()`.
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

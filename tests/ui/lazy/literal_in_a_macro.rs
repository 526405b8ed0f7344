// Rule: a literal inside the parentheses of a macro names the hidden field, unless the macro is one of std's.
// Why: another macro reads those tokens, and they need not be Rust.
// Instead: make the value before the call, or write `lazy: Lazy::new()`.
use lazy_prop::lazy;

macro_rules! pair {
    ($one:expr, $other:expr) => {
        ($one, $other)
    };
}

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    fn pair() -> (Self, Self) {
        pair!(Self { text: String::new() }, Self { text: "a".into() })
    }
}

fn main() {}

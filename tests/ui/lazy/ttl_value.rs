// Rule: `ttl` is a `Duration`.
// Why: a number does not say whether it counts seconds.
// Instead: write `Duration::from_secs(60)`; the expression can read fields of `self`.
use lazy_prop::lazy;

#[lazy]
struct Shop {
    text: String,
}

#[lazy]
impl Shop {
    #[lazy(ttl = 60)]
    fn price(&self) -> usize {
        self.text.len()
    }
}

fn main() {}

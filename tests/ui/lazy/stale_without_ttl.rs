// Rule: `stale_while_refresh` goes with `ttl`.
// Why: it says who gets a value that has expired, and without `ttl` none expires.
// Instead: add `ttl = ...`, or take it away.
use lazy_prop::lazy;

#[lazy]
struct Shop {
    text: String,
}

#[lazy]
impl Shop {
    #[lazy(stale_while_refresh)]
    fn price(&self) -> usize {
        self.text.len()
    }
}

fn main() {}

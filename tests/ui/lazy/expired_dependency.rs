// Rule: a property that reads one that expires, expires too.
// Why: it would keep what it made of a value that is long out of date.
// Instead: give it a `ttl` too, or make it a plain method.
use std::time::Duration;

use lazy_prop::lazy;

#[lazy]
struct Shop {
    text: String,
}

#[lazy]
impl Shop {
    #[lazy(ttl = Duration::from_secs(60))]
    fn price(&self) -> usize {
        self.text.len()
    }

    #[lazy]
    fn with_tax(&self) -> usize {
        self.price() * 119 / 100
    }
}

fn main() {}

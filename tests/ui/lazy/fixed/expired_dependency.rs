#![allow(dead_code)]

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

    fn with_tax(&self) -> usize {
        self.price() * 119 / 100
    }
}

fn main() {}

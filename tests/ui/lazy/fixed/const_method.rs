#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    const fn limit(&self) -> usize {
        80
    }

    #[lazy]
    fn lines(&self) -> usize {
        self.text.len().div_ceil(self.limit())
    }
}

fn main() {}

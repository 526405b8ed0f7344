#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    fn longer_than(&self, limit: usize) -> bool {
        self.length() > limit
    }

    #[lazy]
    fn length(&self) -> usize {
        self.text.len()
    }
}

fn main() {}

#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    fn is_checked(&self) -> bool {
        !self.text.is_empty()
    }
}

fn main() {}

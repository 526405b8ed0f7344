#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    fn first(&self) -> Option<u8> {
        self.text.bytes().next()
    }
}

fn main() {}

#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    fn upper(&self) -> &str {
        self.text.to_uppercase()
    }
}

fn main() {}

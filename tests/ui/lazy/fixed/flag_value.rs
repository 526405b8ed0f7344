#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy(strict)]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy(cloned)]
    fn upper(&self) -> String {
        self.text.to_uppercase()
    }
}

fn main() {}

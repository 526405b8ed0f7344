#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    fn new(text: String) -> Self {
        Self { text }
    }

    fn pair() -> Vec<Self> {
        vec![Self::new(String::new()), Self::new(String::new())]
    }
}

fn main() {}

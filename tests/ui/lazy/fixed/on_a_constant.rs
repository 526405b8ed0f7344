#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    fn names() -> &'static [String] {
        vec!["one".to_owned()]
    }
}

fn main() {}

#![allow(dead_code)]

use lazy_prop::Lazy;
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
}

fn main() {
    let report = Report { text: "a b".to_owned(), lazy: Lazy::new() };
    let Report { text, .. } = report;
    Report::new(text);
}

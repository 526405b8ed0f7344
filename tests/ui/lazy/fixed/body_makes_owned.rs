#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    fn trimmed(&self) -> &str {
        self.text.trim().to_owned()
    }
}

fn main() {}

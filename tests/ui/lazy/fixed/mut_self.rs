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
        format!("{}.", self.text.trim())
    }
}

fn main() {}

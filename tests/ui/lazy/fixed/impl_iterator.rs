#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    fn lengths(&self) -> &[usize] {
        self.text.lines().map(str::len).collect::<Vec<_>>()
    }
}

fn main() {}

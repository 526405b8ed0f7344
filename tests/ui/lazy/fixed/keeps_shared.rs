#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }

    fn length(&self) -> usize {
        self.text.len()
    }

    #[lazy(clears(words))]
    fn refresh(&mut self) {}
}

fn main() {}

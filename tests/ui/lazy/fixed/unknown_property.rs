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

    #[lazy(clears(words))]
    fn clear(&mut self) {
        self.text.clear();
    }
}

fn main() {}

#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
    reads: u32,
}

#[lazy]
impl Report {
    #[lazy]
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }

    fn count_read(&mut self) -> usize {
        self.reads += 1;
        self.words()
    }
}

fn main() {}

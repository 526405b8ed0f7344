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

    fn push(&mut self, word: &str) -> usize {
        let before = self.words();
        self.push_str(word);
        self.words() - before
    }

    fn push_str(&mut self, word: &str) {
        self.text.push_str(word);
    }
}

fn main() {}

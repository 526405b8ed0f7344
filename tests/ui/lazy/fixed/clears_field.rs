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

    fn shout(&mut self) {
        self.text.push('!');
    }

    #[lazy(clears(words))]
    fn cut(&mut self) {
        self.text.clear();
    }
}

fn main() {}

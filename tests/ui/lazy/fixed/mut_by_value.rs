#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy(mut)]
    fn words(&self) -> &usize {
        self.text.split_whitespace().count()
    }

    fn count_one_more(&mut self) {
        *self.words_mut() += 1;
    }
}

fn main() {}

#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy(strict)]
pub struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }

    pub fn set_text(&mut self, text: &str) {
        self.text = text.to_owned();
    }
}

fn main() {}

#![allow(dead_code)]

use std::pin::Pin;

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

    fn clear(&mut self) {
        self.text.clear();
    }

    #[lazy(keeps)]
    fn length(self: Pin<&mut Self>) -> usize {
        self.get_mut().text.len()
    }
}

fn main() {}

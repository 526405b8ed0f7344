#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy(cloned)]
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }

    #[lazy(keeps)]
    fn reserve(&mut self) {
        self.text.reserve(10);
    }
}

fn main() {}

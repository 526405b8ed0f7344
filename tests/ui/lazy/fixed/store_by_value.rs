#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy(store = Box<usize>)]
    fn words(&self) -> &usize {
        Box::new(self.text.split(' ').count())
    }
}

fn main() {}

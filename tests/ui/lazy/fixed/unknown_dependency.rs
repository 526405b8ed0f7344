#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy(depends(text))]
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }
}

fn main() {}

#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy(covariant)]
struct Report {
    text: String,
}

#[lazy(sync)]
impl Report {
    #[lazy(cloned)]
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }
}

fn main() {}

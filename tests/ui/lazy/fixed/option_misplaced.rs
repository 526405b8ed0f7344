#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy(field = cache)]
struct Report {
    text: String,
}

#[lazy(sync, field = cache)]
impl Report {
    #[lazy(cloned)]
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }
}

fn main() {}

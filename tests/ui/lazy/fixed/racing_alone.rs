#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy(sync)]
impl Report {
    #[lazy(racing)]
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }
}

fn main() {}

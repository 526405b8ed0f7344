#![allow(dead_code)]

use lazy_prop::{Lazy, lazy};

#[lazy]
struct Report {
    text: String,
    more: Lazy<Self, 1>,
}

#[lazy]
impl Report {
    #[lazy]
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }
}

#[lazy(field = more, home = 1)]
impl Report {
    #[lazy]
    fn lines(&self) -> usize {
        self.text.lines().count()
    }
}

fn main() {}

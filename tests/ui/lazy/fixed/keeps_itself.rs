#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    fn new(text: &str) -> Self {
        Self { text: text.to_owned() }
    }

    #[lazy(store = Box<Self>)]
    fn lower(&self) -> &Self {
        Box::new(Self::new(&self.text.to_lowercase()))
    }
}

fn main() {}

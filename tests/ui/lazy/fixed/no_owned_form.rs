#![allow(dead_code)]

use std::fmt::Display;

use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy(store = Box<dyn Display>)]
    fn shown(&self) -> &dyn Display {
        Box::new(self.text.len())
    }
}

fn main() {}

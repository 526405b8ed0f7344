#![allow(dead_code)]

use lazy_prop::lazy;

trait Text {
    fn words(&self) -> &[String];
}

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy(mut)]
    fn words(&self) -> &[String] {
        self.text.split(' ').map(String::from).collect()
    }
}

impl Text for Report {
    fn words(&self) -> &[String] {
        self.words()
    }
}

fn main() {}

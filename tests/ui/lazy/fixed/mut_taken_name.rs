#![allow(dead_code)]

use lazy_prop::lazy;

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

    fn text_mut(&mut self) -> &mut String {
        &mut self.text
    }
}

fn main() {}

#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    fn words(&self) -> &Vec<String> {
        self.text.split(' ').map(str::to_owned).collect()
    }

    fn words_mut(&mut self) -> Option<&mut Vec<String>> {
        self.lazy.words.get_mut()
    }
}

fn main() {}

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

    #[lazy(depends(text, words))]
    fn shown(&self) -> &str {
        format!("{} words", self.words())
    }

    #[lazy(clears(words))]
    fn clear(&mut self) {
        self.text.clear();
    }
}

fn main() {}

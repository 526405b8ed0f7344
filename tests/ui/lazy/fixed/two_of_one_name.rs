#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    #[cfg(unix)]
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }

    #[lazy]
    #[cfg(not(unix))]
    fn words(&self) -> usize {
        self.text.split("\r\n").count()
    }
}

fn main() {}

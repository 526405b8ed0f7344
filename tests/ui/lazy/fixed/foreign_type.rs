#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Text<'t> {
    text: &'t str,
}

#[lazy]
impl Text<'_> {
    #[lazy]
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }
}

fn main() {}

#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Report<'t> {
    text: &'t str,
}

#[lazy]
impl<'t> Report<'t> {
    #[lazy]
    fn words(&self) -> &[&'t str] {
        self.text.split(' ').collect()
    }

    #[lazy]
    fn owned_words(&self) -> &[String] {
        self.text.split(' ').map(str::to_owned).collect()
    }
}

fn main() {}

#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy(covariant)]
struct Line<'t> {
    text: &'t str,
}

#[lazy]
impl<'t> Line<'t> {
    #[lazy]
    fn word(&self) -> Option<&str> {
        self.text.split(' ').next().map(str::to_owned)
    }
}

fn main() {}

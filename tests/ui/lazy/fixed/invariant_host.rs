#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy(covariant)]
struct Line<'t> {
    text: &'t str,
}

#[lazy]
impl<'t> Line<'t> {
    #[lazy]
    fn length(&self) -> usize {
        self.text.len()
    }
}

fn shorter<'s>(line: &'s Line<'static>) -> &'s Line<'s> {
    line
}

fn main() {}

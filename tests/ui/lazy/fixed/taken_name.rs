#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy(field = cells)]
struct Student {
    lazy: bool,
}

#[lazy(field = cells)]
impl Student {
    #[lazy]
    fn hours(&self) -> u32 {
        if self.lazy { 1 } else { 8 }
    }
}

fn main() {}

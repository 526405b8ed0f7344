#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    fn file(&self) -> &Handle {
        Handle
    }
}

struct Handle;

fn main() {}

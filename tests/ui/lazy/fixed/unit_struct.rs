#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Empty {}

#[lazy]
impl Empty {
    const fn new() -> Self {
        Self {}
    }
}

fn main() {}

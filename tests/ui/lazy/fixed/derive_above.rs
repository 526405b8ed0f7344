#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
#[derive(Clone)]
struct Report {
    text: String,
}

#[lazy]
impl Report {}

fn main() {}

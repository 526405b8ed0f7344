#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
#[derive(Clone)]
struct Point {
    x: f64,
}

#[lazy]
impl Point {}

fn main() {}

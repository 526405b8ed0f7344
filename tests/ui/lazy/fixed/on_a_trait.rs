#![allow(dead_code)]

use lazy_prop::lazy;

trait Shape {
    fn area(&self) -> f64;
}

#[lazy]
struct Square {
    side: f64,
}

#[lazy]
impl Shape for Square {
    #[lazy]
    fn area(&self) -> f64 {
        self.side * self.side
    }
}

fn main() {}

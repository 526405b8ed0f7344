#![allow(dead_code)]

use lazy_prop::lazy;

enum Kind {
    Circle(f64),
    Square(f64),
}

#[lazy]
struct Shape {
    kind: Kind,
}

#[lazy]
impl Shape {
    #[lazy]
    fn area(&self) -> f64 {
        match self.kind {
            Kind::Circle(radius) => radius * radius * std::f64::consts::PI,
            Kind::Square(side) => side * side,
        }
    }
}

fn main() {}

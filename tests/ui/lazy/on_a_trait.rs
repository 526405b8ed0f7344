// Rule: `#[lazy]` does not stand on a trait, nor on a method that a trait declares.
// Why: a trait has no fields. The struct that implements it has.
// Instead: mark the impl block of the struct: `#[lazy] impl Shape for Square`.
use lazy_prop::lazy;

#[lazy]
trait Shape {
    #[lazy]
    fn area(&self) -> f64;
}

trait Solid {
    #[lazy]
    fn volume(&self) -> f64;
}

fn main() {}

// Rule: a property does not need its own value, directly or through others.
// Why: nothing could be computed first, and the body would run for ever.
// Instead: break the cycle. If its branches never meet, write `#[lazy(cycle_ok)]`, and each run checks it.
use lazy_prop::lazy;

#[lazy]
struct Square {
    known: Option<f64>,
}

#[lazy]
impl Square {
    #[lazy]
    fn area(&self) -> f64 {
        self.squared()
    }

    fn squared(&self) -> f64 {
        self.side().powi(2)
    }

    #[lazy]
    fn side(&self) -> f64 {
        self.known.unwrap_or_else(|| self.area().sqrt())
    }
}

fn main() {}

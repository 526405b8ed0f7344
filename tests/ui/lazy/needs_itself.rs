// Rule: a property doesn't need its own value, over whatever way.
// Why: there would be nothing to begin with; the body would run for ever.
// Instead: break the circle; if its branches never meet, say `#[lazy(cycle_ok)]`, and a run checks it.
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

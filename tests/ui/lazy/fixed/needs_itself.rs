#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Square {
    side: Option<f64>,
    area: f64,
}

#[lazy]
impl Square {
    #[lazy(cycle_ok)]
    fn area(&self) -> f64 {
        self.side.map_or(self.area, |_| self.side().powi(2))
    }

    #[lazy(cycle_ok)]
    fn side(&self) -> f64 {
        self.side.unwrap_or_else(|| self.area().sqrt())
    }
}

fn main() {}

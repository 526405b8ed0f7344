#![allow(dead_code)]

use lazy_prop::{Lazy, lazy};

struct Point(f64, f64, Lazy<Self>);

#[lazy(field = 2)]
impl Point {
    #[lazy]
    fn norm(&self) -> f64 {
        self.0.hypot(self.1)
    }
}

fn main() {
    assert_eq!(Point(3.0, 4.0, Lazy::new()).norm(), 5.0);
}

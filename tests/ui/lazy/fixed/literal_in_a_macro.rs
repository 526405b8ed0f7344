#![allow(dead_code)]

use lazy_prop::{Lazy, lazy};

macro_rules! pair {
    ($one:expr, $other:expr) => {
        ($one, $other)
    };
}

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    fn pair() -> (Self, Self) {
        let one = Self { text: String::new() };
        pair!(one, Self { text: "a".into(), lazy: Lazy::new() })
    }

    fn list() -> Vec<Self> {
        vec![Self { text: String::new() }, Self { text: "a".into() }]
    }
}

fn main() {}

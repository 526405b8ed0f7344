#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Report<T> {
    text: String,
    default: T,
}

#[lazy(bound = "")]
impl<T: std::str::FromStr + Clone> Report<T> {
    #[lazy]
    fn parsed(&self) -> &T {
        self.text.parse().unwrap_or(self.default.clone())
    }
}

fn main() {}

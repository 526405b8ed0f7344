#![allow(dead_code)]

use lazy_prop::{Lazy, lazy};

#[lazy]
struct Report<T> {
    text: T,
    cache: Lazy<Self, 1>,
}

#[lazy(field = cache, home = 1, bound = "")]
impl<T: ToString> Report<T> {
    #[lazy(store = Box<str>)]
    fn shown(&self) -> &str {
        self.text.to_string().into()
    }
}

#[lazy]
impl<T> Report<T> {}

fn main() {}

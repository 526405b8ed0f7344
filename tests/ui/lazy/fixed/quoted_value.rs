#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy(field = cells)]
struct Report<T> {
    text: T,
}

#[lazy(field = cells, home = 0, bound = "")]
impl<T: ToString> Report<T> {
    #[lazy(store = Box<str>)]
    fn upper(&self) -> &str {
        self.text.to_string().to_uppercase().into()
    }

    #[lazy(cloned)]
    fn lower(&self) -> String {
        self.text.to_string().to_lowercase()
    }
}

fn main() {}

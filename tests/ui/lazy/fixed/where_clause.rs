#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Report<T> {
    data: T,
}

#[lazy(bound = "")]
impl<T> Report<T>
where
    T: ToString,
{
    #[lazy]
    fn shown(&self) -> &str {
        self.data.to_string()
    }
}

fn main() {}

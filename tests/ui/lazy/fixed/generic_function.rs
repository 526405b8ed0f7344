#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Report<T> {
    data: T,
}

#[lazy]
impl<T> Report<T> {
    #[lazy]
    fn name(&self) -> &str {
        std::any::type_name::<T>().to_owned()
    }
}

fn main() {}

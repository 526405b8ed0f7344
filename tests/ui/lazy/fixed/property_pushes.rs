#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Basket {
    items: Vec<u32>,
}

#[lazy]
impl Basket {
    #[lazy]
    fn total(&self) -> u32 {
        self.items.iter().sum()
    }

    fn add(&mut self, item: u32) -> u32 {
        self.items.push(item);
        self.total()
    }
}

fn main() {}

#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Bits {
    int: u32,
}

#[lazy]
impl Bits {
    #[lazy]
    fn float(&self) -> f32 {
        f32::from_bits(self.int)
    }
}

fn main() {}

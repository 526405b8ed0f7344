// Rule: a property does not call a method of std that changes a field.
// Why: it is read through `&self`, and with `&mut self` it could not be kept.
// Instead: change the host in a plain method that takes `&mut self`.
use lazy_prop::lazy;

#[lazy]
struct Basket {
    items: Vec<u32>,
}

#[lazy]
impl Basket {
    #[lazy]
    fn total(&self) -> u32 {
        self.items.push(1);
        self.items.iter().sum()
    }
}

fn main() {}

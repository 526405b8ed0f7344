// Rule: a property does not assign to its host.
// Why: it is read through `&self`, and with `&mut self` it could not be kept.
// Instead: change the host in a plain method that takes `&mut self`.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
    reads: u32,
}

#[lazy]
impl Report {
    #[lazy]
    fn words(&self) -> usize {
        self.reads += 1;
        self.text.split(' ').count()
    }
}

fn main() {}

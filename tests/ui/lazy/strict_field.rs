// Rule: a `strict` host has private fields alone.
// Why: what code outside of the module assigns, no method of the block can see.
// Instead: make the field private, and write a setter in the block.
use lazy_prop::lazy;

#[lazy(strict)]
pub struct Report {
    pub text: String,
}

#[lazy]
impl Report {
    #[lazy]
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }
}

fn main() {}

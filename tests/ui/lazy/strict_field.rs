// Rule: a `strict` host has only private fields.
// Why: no method of the block sees a change that is made outside of the module.
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

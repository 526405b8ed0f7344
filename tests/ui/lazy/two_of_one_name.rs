// Rule: two properties of a block have different names.
// Why: they are methods of one type.
// Instead: rename one, or separate them with `#[cfg]`.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }

    #[lazy]
    fn words(&self) -> u32 {
        1
    }
}

fn main() {}

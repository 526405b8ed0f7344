// Rule: each option has its place: struct, impl block, or method.
// Why: the field is the struct's, the cells are the block's, the value is the method's.
// Instead: move it to the place that the error names.
use lazy_prop::lazy;

#[lazy(sync)]
struct Report {
    text: String,
}

#[lazy(cloned)]
impl Report {
    #[lazy(field = cache)]
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }
}

fn main() {}

// Rule: each option has its place: the struct, the impl block, or the method.
// Why: the struct has the field, the block has the cells, the method has the value.
// Instead: move the option to the place that the error names.
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

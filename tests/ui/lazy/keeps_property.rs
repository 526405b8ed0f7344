// Rule: `keeps` and `clears(…)` belong to methods that change the host, not to properties.
// Why: a property changes nothing, so it clears nothing.
// Instead: write them on the `&mut self` method. On a property, `depends(…)` names what it reads.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy(keeps, cloned)]
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }
}

fn main() {}

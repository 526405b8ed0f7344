// Rule: `keeps` and `clears(…)` are said of methods that change the host, not of properties.
// Why: a property changes nothing, so it clears nothing.
// Instead: say them of the `&mut self` method; of a property, `depends(…)` says what it reads.
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

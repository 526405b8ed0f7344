// Rule: `keeps` and `clears(…)` belong on methods that can change their host.
// Why: through `&self` no field is changed and no value can be cleared.
// Instead: remove the mark, or take `&mut self`.
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

    #[lazy(keeps)]
    fn length(&self) -> usize {
        self.text.len()
    }

    #[lazy(clears(words))]
    fn refresh(&self) {}
}

fn main() {}

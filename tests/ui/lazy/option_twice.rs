// Rule: an option stands once.
// Why: of two values only one could hold.
// Instead: keep one.
use lazy_prop::lazy;

#[lazy(field = cache, field = lazy)]
struct Report {
    text: String,
}

#[lazy(sync, field = cache, sync)]
impl Report {
    #[lazy]
    #[lazy(cloned)]
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }
}

fn main() {}

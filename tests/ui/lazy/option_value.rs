// Rule: an option that needs a value has one, and a flag has none.
// Why: `field` alone names no field.
// Instead: write `field = name`, `home = 1`, `bound = "T: Clone"`, `store = Type`.
use lazy_prop::lazy;

#[lazy(field)]
struct Report {
    text: String,
}

#[lazy(home = one, bound)]
impl Report {
    #[lazy = "cloned"]
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }
}

fn main() {}

// Rule: a property that expires returns its value, and lends nothing.
// Why: a borrow that a reader holds can't be taken back when the value expires.
// Instead: return a copy, or a clone with `cloned`; an `Arc` is cheap to clone.
use lazy_prop::lazy;

#[lazy]
struct Shop {
    text: String,
}

#[lazy]
impl Shop {
    #[lazy(ttl = std::time::Duration::from_secs(60))]
    fn price_list(&self) -> &str {
        self.text.to_uppercase()
    }
}

fn main() {}

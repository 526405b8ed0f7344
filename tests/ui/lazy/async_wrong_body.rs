// Rule: the body of an async property makes what is kept.
// Why: the signature lends it, and a borrow of something that lives no longer than the body can't be lent.
// Instead: make the owned value.
use lazy_prop::lazy;

#[lazy]
struct Site {
    address: String,
}

#[lazy]
impl Site {
    #[lazy]
    async fn page(&self) -> &str {
        &self.address
    }
}

fn main() {}

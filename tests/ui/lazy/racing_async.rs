// Rule: an `async` property has no `racing`.
// Why: its readers wait without blocking their threads.
// Instead: take it away.
use lazy_prop::lazy;

#[lazy]
struct Site {
    address: String,
}

#[lazy(sync)]
impl Site {
    #[lazy(racing)]
    async fn page(&self) -> &str {
        self.address.to_uppercase()
    }
}

fn main() {}

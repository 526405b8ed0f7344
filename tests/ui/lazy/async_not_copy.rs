// Rule: an async property that returns by value returns a `Copy` type, or clones it.
// Why: each task that awaits it gets a value, and the kept one stays.
// Instead: lend the value, `-> &T`, or say `#[lazy(cloned)]`.
use lazy_prop::lazy;

#[lazy]
struct Site {
    address: String,
}

#[lazy]
impl Site {
    #[lazy]
    async fn page(&self) -> String {
        fetch(&self.address).await
    }
}

async fn fetch(address: &str) -> String {
    address.to_owned()
}

fn main() {}

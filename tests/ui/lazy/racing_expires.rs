// Rule: a value that expires is not computed by racing readers.
// Why: each reader that finds it expired would compute it, and the last one win.
// Instead: take `racing` away; with `stale_while_refresh` readers need not wait.
use lazy_prop::lazy;

#[lazy]
struct Shop {
    text: String,
}

#[lazy(sync)]
impl Shop {
    #[lazy(ttl = std::time::Duration::from_secs(60), racing)]
    fn price(&self) -> usize {
        self.text.len()
    }
}

fn main() {}

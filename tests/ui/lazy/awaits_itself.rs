// Rule: a property doesn't await its own value, over whatever way.
// Why: it would wait for itself for ever.
// Instead: break the circle; if its branches never meet, say `#[lazy(cycle_ok)]` and `Box::pin` one call.
use lazy_prop::lazy;

#[lazy]
struct Site {
    home: Option<String>,
}

#[lazy]
impl Site {
    #[lazy]
    async fn page(&self) -> &str {
        fetch(self.address().await).await
    }

    #[lazy]
    async fn address(&self) -> &str {
        match &self.home {
            Some(home) => home.clone(),
            None => fetch(self.page().await).await,
        }
    }
}

async fn fetch(address: &str) -> String {
    address.to_owned()
}

fn main() {}

#![allow(dead_code)]

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
            None => fetch("example.org").await,
        }
    }
}

async fn fetch(address: &str) -> String {
    address.to_owned()
}

fn main() {}

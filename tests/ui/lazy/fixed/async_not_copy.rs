#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Site {
    address: String,
}

#[lazy]
impl Site {
    #[lazy]
    async fn page(&self) -> &str {
        fetch(&self.address).await
    }
}

async fn fetch(address: &str) -> String {
    address.to_owned()
}

fn main() {}

#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Site {
    address: String,
}

#[lazy(sync)]
impl Site {
    #[lazy]
    async fn page(&self) -> &str {
        self.address.to_uppercase()
    }
}

fn main() {}

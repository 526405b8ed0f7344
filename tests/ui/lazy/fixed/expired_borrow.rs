#![allow(dead_code)]

use std::sync::Arc;
use std::time::Duration;

use lazy_prop::lazy;

#[lazy]
struct Shop {
    text: String,
}

#[lazy]
impl Shop {
    #[lazy(ttl = Duration::from_secs(60), cloned)]
    fn price_list(&self) -> Arc<str> {
        self.text.to_uppercase().into()
    }
}

fn main() {}

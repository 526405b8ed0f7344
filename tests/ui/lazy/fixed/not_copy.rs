#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    fn upper(&self) -> &str {
        self.text.to_uppercase()
    }

    #[lazy(cloned)]
    fn shared(&self) -> std::sync::Arc<str> {
        self.text.as_str().into()
    }
}

fn main() {}

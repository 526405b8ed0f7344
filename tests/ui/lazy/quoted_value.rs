// Rule: names, types and numbers stand without quotes, bounds in quotes.
// Why: `field`, `home` and `store` take what Rust writes there; `bound` takes a text, as serde's option does.
// Instead: write the value as the error shows it.
use lazy_prop::lazy;

#[lazy(field = "cells")]
struct Report<T: ToString> {
    text: T,
}

#[lazy(field = "cells", home = "0", bound = T: ToString)]
impl<T: ToString> Report<T> {
    #[lazy(store = "Box<str>")]
    fn upper(&self) -> &str {
        self.text.to_string().to_uppercase().into()
    }

    #[lazy("cloned")]
    fn lower(&self) -> String {
        self.text.to_string().to_lowercase()
    }
}

fn main() {}

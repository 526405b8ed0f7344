// Rule: a property with `mut` adds a method, so the block has no other of that name.
// Why: a type has one method of a name.
// Instead: rename the other method, or remove `mut`.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy(mut)]
    fn words(&self) -> &[String] {
        self.text.split(' ').map(String::from).collect()
    }

    fn words_mut(&mut self) -> &mut String {
        &mut self.text
    }
}

fn main() {}

// Rule: `mut` belongs to a property in a block of the type.
// Why: the method that it adds would be none of the trait's.
// Instead: move the property to a block of the type, and call it in that of the trait.
use lazy_prop::lazy;

trait Text {
    fn words(&self) -> &[String];
}

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Text for Report {
    #[lazy(mut)]
    fn words(&self) -> &[String] {
        self.text.split(' ').map(String::from).collect()
    }
}

fn main() {}

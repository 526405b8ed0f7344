// Rule: a lazy property doesn't lend its value mutably.
// Why: any number of readers may hold the value at once.
// Instead: return `&T`; to change a kept value, use `self.lazy.NAME.get_mut()` in a `&mut self` method.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    fn words(&self) -> &mut Vec<String> {
        self.text.split(' ').map(str::to_owned).collect()
    }
}

fn main() {}

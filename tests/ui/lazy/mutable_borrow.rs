// Rule: a lazy property does not lend its value mutably.
// Why: several readers may hold the value at once.
// Instead: return `&T`. To change a kept value, use `self.lazy.NAME.get_mut()` in a `&mut self` method.
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

// Rule: a lazy property reads its host through `&self`, not `&mut self`.
// Why: its body runs at the first read alone, so what it changes would change once or never.
// Instead: take `&self`; put what must change into a plain method.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    fn trimmed(&mut self) -> &str {
        self.text.push('.');
        self.text.trim().to_owned()
    }
}

fn main() {}

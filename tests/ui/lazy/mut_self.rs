// Rule: a lazy property takes `&self`, not `&mut self`.
// Why: its body runs only at the first read, so it would change the host once or never.
// Instead: take `&self`, and move the change to a plain method.
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

// Rule: several mistakes are reported at once.
// Why: otherwise each of them would cost a compilation.
// Instead: fix them in any order.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    fn after(self, limit: usize) -> usize {
        limit
    }

    #[lazy(cloned, stor = Box<str>)]
    async fn upper(&mut self) -> &str {
        self.text.to_uppercase()
    }

    #[lazy]
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }
}

fn main() {}

// Rule: a host that threads share has `#[lazy(sync)]`.
// Why: the cells of a plain host ignore other threads, which makes them smaller and faster.
// Instead: write `#[lazy(sync)]` on the impl block.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    fn new(text: &str) -> Self {
        Self { text: text.to_owned() }
    }

    #[lazy]
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }
}

fn main() {
    let report = Report::new("a b");
    std::thread::scope(|scope| {
        scope.spawn(|| report.words());
    });
}

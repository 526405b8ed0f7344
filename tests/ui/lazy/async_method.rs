// Rule: a lazy property is not `async`, for now.
// Why: another reader could come while the body waits, and would need a cell that can be awaited.
// Instead: keep an async cell: return `&OnceCell<T>` of your runtime, and await its `get_or_init`.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    async fn answer(&self) -> &str {
        ask(&self.text).await
    }
}

async fn ask(question: &str) -> String {
    question.to_owned()
}

fn main() {}

#![allow(dead_code)]

use lazy_prop::lazy;

/// Stands for `tokio::sync::OnceCell` and its like.
#[derive(Default)]
struct AsyncCell(std::cell::OnceCell<String>);

impl AsyncCell {
    async fn get_or_init(&self, value: impl Future<Output = String>) -> &str {
        if self.0.get().is_none() {
            let value = value.await;
            return self.0.get_or_init(|| value);
        }
        self.0.get().unwrap()
    }
}

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    fn cell(&self) -> &AsyncCell {
        AsyncCell::default()
    }

    async fn answer(&self) -> &str {
        self.cell().get_or_init(ask(&self.text)).await
    }
}

async fn ask(question: &str) -> String {
    question.to_owned()
}

fn main() {}

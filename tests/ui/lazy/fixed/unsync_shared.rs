#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy(sync)]
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

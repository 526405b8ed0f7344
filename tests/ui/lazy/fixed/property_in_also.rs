#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    fn words(&self) -> usize {
        self.text.split_whitespace().count()
    }

    #[lazy]
    fn lines(&self) -> usize {
        self.text.lines().count()
    }
}

#[lazy(also)]
impl Report {
    fn push(&mut self, word: &str) {
        self.text.push_str(word);
    }
}

fn main() {
    let mut report = Report {
        text: "one".into(),
        lazy: Default::default(),
    };
    report.push(" two");
    println!("{} {}", report.words(), report.lines());
}

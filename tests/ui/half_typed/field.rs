// While it is typed: a field's name is still to come. The rest of the block is checked as ever.
use lazy_prop::{LazyHost, lazy};

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    fn new(text: &str) -> Self {
        Self { text: text.into() }
    }

    #[lazy]
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }

    fn push(&mut self, word: &str) {
        self.text.push_str(word);
        self.
    }

    fn clear(&mut self) {
        self.text.clear();
    }
}

fn main() {
    let mut report = Report::new("a b");
    report.words();
    report.clear();
    report.lazy.words.get();
    println!("{:?}", <Report as LazyHost>::PROPERTIES);
}

// Rule: a lazy property stands in the home, not in a block with `also`.
// Why: one block makes the cells; `also` is for methods that change what its properties read.
// Instead: move the property to the block with `#[lazy]` alone.
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
}

#[lazy(also)]
impl Report {
    fn push(&mut self, word: &str) {
        self.text.push_str(word);
    }

    #[lazy]
    fn lines(&self) -> usize {
        self.text.lines().count()
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

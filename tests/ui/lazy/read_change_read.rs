// Rule: a body that changes what a property reads doesn't read it both before and after.
// Why: the value of the first read would be kept for the second; it is cleared when a method begins and ends.
// Instead: move the change to a method of its own: it clears the value when it is called.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }

    fn push(&mut self, word: &str) -> usize {
        let before = self.words();
        self.text.push_str(word);
        self.words() - before
    }
}

fn main() {}

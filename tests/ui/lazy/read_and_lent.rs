// Rule: a method that lends a field mutably doesn't read what depends on it.
// Why: it would be computed now, and the field changed later, when the method is left and can't clear.
// Instead: lend the field in a method of its own.
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

    fn text_mut(&mut self) -> &mut String {
        assert!(self.words() > 0);
        &mut self.text
    }
}

fn main() {}

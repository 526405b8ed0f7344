// Rule: `clears(…)` names properties, not fields.
// Why: the macro sees by itself which fields a method changes.
// Instead: remove the mark; or name the properties that a change unseen by the macro makes stale.
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

    #[lazy(clears(text))]
    fn shout(&mut self) {
        self.text.push('!');
    }
}

fn main() {}

// Rule: a block with properties calls no macro between its methods.
// Why: the block is read before that macro makes its methods, so the changes in them stay unseen.
// Instead: write the methods out, or put the call into a block of its own if it changes nothing that a property reads.
use lazy_prop::lazy;

macro_rules! setter {
    ($field:ident, $name:ident) => {
        fn $name(&mut self, value: &str) {
            self.$field = value.into();
        }
    };
}

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    setter!(text, set_text);

    #[lazy]
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }
}

fn main() {}

// Rule: a block with properties holds no call of a macro.
// Why: the methods that it makes are not there yet when the block is read, so what they change can't be seen.
// Instead: write the methods out; what changes nothing that is read may be made in another block.
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

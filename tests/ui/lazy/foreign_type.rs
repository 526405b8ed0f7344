// Rule: a home is an impl block of your own struct.
// Why: the kept values live in a field of it.
// Instead: wrap the other type in a struct.
use lazy_prop::lazy;

trait Words {
    fn words(&self) -> usize;
}

#[lazy]
impl Words for &str {
    #[lazy]
    fn words(&self) -> usize {
        self.split(' ').count()
    }
}

fn main() {}

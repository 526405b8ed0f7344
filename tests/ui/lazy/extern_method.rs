// Rule: a lazy property is not an `extern fn`.
// Why: its callers are Rust code that holds a host.
// Instead: write a plain `extern` function that reads the property.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    extern "C" fn words(&self) -> usize {
        self.text.split(' ').count()
    }
}

fn main() {}

// Rule: a lazy property is not an `unsafe fn`.
// Why: only the first read runs the body, so callers could not know when the obligation is theirs.
// Instead: use an `unsafe` block in the body, and say there why it is sound.
use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    #[lazy]
    unsafe fn first(&self) -> u8 {
        unsafe { *self.text.as_ptr() }
    }
}

fn main() {}

// Rule: a lazy property is no `unsafe fn`.
// Why: only the first read runs the body, so callers could not know when they owe the proof.
// Instead: use an `unsafe` block in the body, with what makes it sound.
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

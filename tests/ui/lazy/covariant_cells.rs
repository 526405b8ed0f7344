// Rule: a covariant host keeps nothing that mentions its lifetimes.
// Why: its cells are those of the `'static` host, which cannot keep a shorter borrow.
// Instead: remove `covariant`, or keep owned values.
use lazy_prop::lazy;

#[lazy(covariant)]
struct Line<'t> {
    text: &'t str,
}

#[lazy]
impl<'t> Line<'t> {
    #[lazy]
    fn word(&self) -> Option<&'t str> {
        self.text.split(' ').next()
    }
}

fn main() {}

// Rule: a host is invariant in its lifetimes, unless it is marked `covariant`.
// Why: it holds cells. If its lifetime could shrink, a cell could be given a borrow that ends too soon.
// Instead: write `#[lazy(covariant)]` on the struct if no kept type mentions the lifetime.
use lazy_prop::lazy;

#[lazy]
struct Line<'t> {
    text: &'t str,
}

#[lazy]
impl<'t> Line<'t> {
    #[lazy]
    fn length(&self) -> usize {
        self.text.len()
    }
}

fn shorter<'s>(line: &'s Line<'static>) -> &'s Line<'s> {
    line
}

fn main() {}

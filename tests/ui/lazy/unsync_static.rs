// Rule: threads can share the value that a lazy function keeps.
// Why: the value is kept in a static, which every thread can read.
// Instead: keep a type that is `Send` and `Sync`: `Arc` for `Rc`, `Mutex` for `RefCell`.
use std::rc::Rc;

use lazy_prop::lazy;

#[lazy]
fn names() -> &'static Rc<str> {
    "one".into()
}

fn main() {}

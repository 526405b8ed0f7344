// Rule: what a lazy function keeps can be shared between threads.
// Why: the value is kept in a static, which every thread can read.
// Instead: keep what is `Send` and `Sync`: `Arc` for `Rc`, `Mutex` for `RefCell`.
use std::rc::Rc;

use lazy_prop::lazy;

#[lazy]
fn names() -> &'static Rc<str> {
    "one".into()
}

fn main() {}

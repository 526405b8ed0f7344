#![allow(dead_code)]

use std::rc::Rc;

use lazy_prop::lazy;

#[lazy]
struct Report {
    text: String,
}

#[lazy]
impl Report {
    fn shared(text: String) -> Rc<Self> {
        Rc::new(Self { text })
    }

    #[lazy]
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }
}

fn main() {
    assert_eq!(Report::shared("a b".into()).words(), 2);
}

#![allow(dead_code)]

mod report {
    use lazy_prop::lazy;

    #[lazy]
    pub struct Report {}

    #[lazy]
    impl Report {}
}

fn main() {}

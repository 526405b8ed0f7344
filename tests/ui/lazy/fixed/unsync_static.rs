#![allow(dead_code)]

use std::sync::Arc;

use lazy_prop::lazy;

#[lazy]
fn names() -> &'static Arc<str> {
    "one".into()
}

fn main() {}

#![allow(dead_code)]

use std::sync::Mutex;

use lazy_prop::lazy;

#[lazy]
fn names() -> &'static Mutex<Vec<String>> {
    Mutex::default()
}

fn main() {}

#![allow(dead_code)]

use lazy_prop::lazy;

#[lazy]
fn home() -> &'static str {
    "/home".to_owned()
}

#[lazy(cloned)]
fn temporary() -> String {
    "/tmp".to_owned()
}

fn main() {}

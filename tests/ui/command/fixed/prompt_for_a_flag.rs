#![allow(dead_code)]

use lazy_prop::command;

#[command(confirm = "Remove it?")]
fn remove(service: String) {
    println!("{service}");
}

fn main() {}

#![allow(dead_code)]

use lazy_prop::command;

#[command(confirm = "Remove the service?")]
fn remove(service: String) {
    println!("{service}");
}

fn main() {}

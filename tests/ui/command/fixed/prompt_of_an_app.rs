#![allow(dead_code)]

use lazy_prop::command;

#[command]
struct App {}

#[command]
impl App {
    #[command]
    fn login(&self, #[arg(long, prompt)] token: String) {
        println!("{}", token.len());
    }
}

fn main() {}

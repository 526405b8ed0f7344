#![allow(dead_code)]

use lazy_prop::command;

use std::str::FromStr;

#[derive(Clone)]
struct Mark;

impl FromStr for Mark {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "x" { Ok(Self) } else { Err("a mark is `x`".into()) }
    }
}

#[command]
fn plot(point: (f64, Mark)) {
    let _ = point;
}

fn main() {}

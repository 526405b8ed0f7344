#![allow(dead_code)]

use lazy_prop::command;

#[command(exclusive)]
enum Shape {
    Circle(f64),
    Square((f64, f64)),
}

#[command]
fn draw(#[command(flatten)] shape: Shape) {
    match shape {
        Shape::Circle(radius) => println!("{radius}"),
        Shape::Square((width, height)) => println!("{width} {height}"),
    }
}

fn main() {}

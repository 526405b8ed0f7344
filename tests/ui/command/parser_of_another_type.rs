// Rule: a `value_parser` makes what the parameter takes.
// Why: the value would be of another type than the function wants.
// Instead: take what the parser makes, or write a parser of the type.
use lazy_prop::command;

fn port(text: &str) -> Result<u16, std::num::ParseIntError> {
    text.parse()
}

#[command]
fn listen(#[arg(value_parser = port)] port: u32) {
    println!("{port}");
}

fn main() {}

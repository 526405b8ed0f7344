use std::path::PathBuf;

use argh::FromArgs;

#[derive(Debug, FromArgs)]
/// App
struct App {
    /// sets a number.
    #[argh(option)]
    number: u32,
    /// sets an optional number.
    #[argh(option)]
    opt_number: Option<u32>,
    /// sets width.
    #[argh(option, default = "10", from_str_fn(parse_width))]
    width: u32,
    /// input.
    #[argh(positional)]
    input: Vec<PathBuf>,
}

fn parse_width(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(0) => Err("width must be positive".into()),
        Ok(width) => Ok(width),
        Err(_) => Err("not a number".into()),
    }
}

fn main() {
    let app = argh::from_env::<App>();
    if cfg!(debug_assertions) {
        println!("{app:?}");
    }
    std::hint::black_box(app);
}

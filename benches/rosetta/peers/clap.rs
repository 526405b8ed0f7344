use std::path::PathBuf;

use clap::Parser;

#[derive(Debug, Parser)]
#[command(version)]
struct App {
    /// Sets a number.
    #[arg(long)]
    number: u32,
    /// Sets an optional number.
    #[arg(long)]
    opt_number: Option<u32>,
    /// Sets width.
    #[arg(long, default_value = "10", value_parser = parse_width)]
    width: u32,
    /// Input.
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
    let app = App::parse();
    if cfg!(debug_assertions) {
        println!("{app:?}");
    }
    std::hint::black_box(app);
}

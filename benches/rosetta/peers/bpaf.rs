use std::path::PathBuf;

use bpaf::Bpaf;

#[derive(Debug, Clone, Bpaf)]
#[bpaf(options, version)]
struct App {
    /// Sets a number.
    number: u32,
    /// Sets an optional number.
    opt_number: Option<u32>,
    /// Sets width.
    #[bpaf(long, argument::<String>("WIDTH"), parse(parse_width), fallback(10))]
    width: u32,
    /// Input.
    #[bpaf(positional("INPUT"))]
    input: Vec<PathBuf>,
}

fn parse_width(text: String) -> Result<u32, String> {
    match text.parse() {
        Ok(0) => Err("width must be positive".into()),
        Ok(width) => Ok(width),
        Err(_) => Err("not a number".into()),
    }
}

fn main() {
    let app = app().run();
    if cfg!(debug_assertions) {
        println!("{app:?}");
    }
    std::hint::black_box(app);
}

use std::path::PathBuf;
use std::process::ExitCode;

#[lazy_prop::command]
fn app(
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
) {
    if cfg!(debug_assertions) {
        println!("{number:?}");
        println!("{opt_number:?}");
        println!("{width:?}");
        if input.len() < 10 {
            println!("{input:?}");
        } else {
            println!("{}", input.len());
        }
    }
    std::hint::black_box((number, opt_number, width, input));
}

fn parse_width(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(0) => Err("width must be positive".into()),
        Ok(width) => Ok(width),
        Err(_) => Err("not a number".into()),
    }
}

fn main() -> ExitCode {
    lazy_prop::cli!(app).run()
}

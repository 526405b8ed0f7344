use std::path::PathBuf;

use usage_rs::Cli;

#[derive(Debug, Cli)]
#[usage(bin = "app", version = "0.1.0")]
struct App {
    /// Sets a number.
    #[usage(long)]
    number: u32,
    /// Sets an optional number.
    #[usage(long)]
    opt_number: Option<u32>,
    /// Sets width.
    #[usage(long, default = "10")]
    width: Width,
    /// Input.
    input: Vec<PathBuf>,
}

#[derive(Debug)]
struct Width(#[expect(dead_code, reason = "it is printed")] u32);

impl std::str::FromStr for Width {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(0) => Err("width must be positive".into()),
            Ok(width) => Ok(Self(width)),
            Err(_) => Err("not a number".into()),
        }
    }
}

fn main() {
    let app = App::parse();
    if cfg!(debug_assertions) {
        println!("{app:?}");
    }
    std::hint::black_box(app);
}

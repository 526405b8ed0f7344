use std::path::PathBuf;

use lexopt::prelude::*;

#[derive(Debug)]
struct App {
    number: u32,
    opt_number: Option<u32>,
    width: u32,
    input: Vec<PathBuf>,
}

const HELP: &str = "\
Usage: app [OPTIONS] --number <NUMBER> [INPUT]...

Arguments:
  [INPUT]...  Input

Options:
      --number <NUMBER>          Sets a number
      --opt-number <OPT_NUMBER>  Sets an optional number
      --width <WIDTH>            Sets width [default: 10]
  -h, --help                     Print help
";

fn parse_args() -> Result<App, lexopt::Error> {
    let (mut number, mut opt_number, mut width, mut input) = (None, None, 10, Vec::new());
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => {
                print!("{HELP}");
                std::process::exit(0);
            }
            Long("number") => number = Some(parser.value()?.parse()?),
            Long("opt-number") => opt_number = Some(parser.value()?.parse()?),
            Long("width") => width = parser.value()?.parse_with(parse_width)?,
            Value(path) => input.push(path.into()),
            _ => return Err(argument.unexpected()),
        }
    }
    let number = number.ok_or("missing required option --number")?;
    Ok(App { number, opt_number, width, input })
}

fn parse_width(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(0) => Err("width must be positive".into()),
        Ok(width) => Ok(width),
        Err(_) => Err("not a number".into()),
    }
}

fn main() {
    let app = match parse_args() {
        Ok(app) => app,
        Err(error) => {
            eprintln!("Error: {error}.");
            std::process::exit(2);
        }
    };
    if cfg!(debug_assertions) {
        println!("{app:?}");
    }
    std::hint::black_box(app);
}

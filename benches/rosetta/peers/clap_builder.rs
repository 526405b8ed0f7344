use std::path::PathBuf;

use clap::{Arg, ArgAction, Command, value_parser};

#[derive(Debug)]
#[expect(dead_code, reason = "it is printed")]
struct App {
    number: u32,
    opt_number: Option<u32>,
    width: u32,
    input: Vec<PathBuf>,
}

fn parse_width(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(0) => Err("width must be positive".into()),
        Ok(width) => Ok(width),
        Err(_) => Err("not a number".into()),
    }
}

fn command() -> Command {
    Command::new("app")
        .version("0.1.0")
        .arg(
            Arg::new("number")
                .long("number")
                .required(true)
                .value_parser(value_parser!(u32))
                .help("Sets a number"),
        )
        .arg(
            Arg::new("opt-number")
                .long("opt-number")
                .value_parser(value_parser!(u32))
                .help("Sets an optional number"),
        )
        .arg(
            Arg::new("width")
                .long("width")
                .default_value("10")
                .value_parser(parse_width)
                .help("Sets width"),
        )
        .arg(
            Arg::new("input")
                .action(ArgAction::Append)
                .value_parser(value_parser!(PathBuf))
                .help("Input"),
        )
}

fn main() {
    let mut matches = command().get_matches();
    let app = App {
        number: matches.remove_one("number").unwrap(),
        opt_number: matches.remove_one("opt-number"),
        width: matches.remove_one("width").unwrap(),
        input: matches
            .remove_many("input")
            .map(Iterator::collect)
            .unwrap_or_default(),
    };
    if cfg!(debug_assertions) {
        println!("{app:?}");
    }
    std::hint::black_box(app);
}

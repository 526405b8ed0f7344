//! Types of parameters: numbers in a range, counters, choices, paths, addresses.

use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use lazy_prop::command::clap::{ArgAction, value_parser};
use lazy_prop::{cli, command};

#[command]
fn train(
    #[arg(value_parser = value_parser!(u16).range(0..=1000))] id: u16,
    #[arg(long, default_value_t = -0.5)] score: f64,
    #[arg(long, value_parser = ["simple", "conv", "lstm"], default_value = "simple")]
    network: String,
    #[arg(long)] config: Option<PathBuf>,
    #[arg(long)] host: Option<IpAddr>,
    #[arg(short, action = ArgAction::Count)] verbose: u8,
) {
    println!("{id} {score} {network} {config:?} {host:?} {verbose}");
}

fn main() -> ExitCode {
    cli!(train).run()
}

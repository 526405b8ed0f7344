//! Any application as a daemon, on a runtime chosen by name, behind a parent that loses no request.
//!
//! Read it in the order of a request: an [application](apps) answers it, on a [runtime](runtimes)
//! that waits for its connection, in a worker that a parent forked, for a [server](Server) that the
//! command line and its [layers](config) describe.

pub mod apps;
mod board;
pub mod config;
mod error;
mod handover;
mod listener;
mod logger;
mod notify;
mod parent;
mod reload;
pub mod runtimes;
mod seconds;
mod server;
pub mod services;
mod signals;
mod start;
mod worker;

pub use board::{Board, Row};
pub use error::Error;
pub use seconds::Seconds;
pub use server::{Options, Server, Workers};
pub use worker::Peer;

pub(crate) use error::reason;

/// The whole `main` of a program with these applications and its own.
#[must_use]
pub fn main() -> std::process::ExitCode {
    match config::cli() {
        Ok(cli) => cli.run(),
        Err(error) => {
            eprintln!("error: {error}");
            std::process::ExitCode::from(2)
        }
    }
}

/// The name most similar to this one, if any is similar.
fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    let scored = names.map(|other| (strsim::jaro_winkler(name, other), other));
    let best = scored.max_by(|(one, _), (other, _)| one.total_cmp(other));
    best.filter(|(score, _)| *score > 0.8)
        .map(|(_, name)| name.to_owned())
}

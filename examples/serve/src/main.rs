//! `serve`: any application as a daemon.

use std::process::ExitCode;

fn main() -> ExitCode {
    serve::main()
}

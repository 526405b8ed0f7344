//! `svc`, a userspace service manager.

use std::process::ExitCode;

use svc::app::App;
use svc::error::Error;

fn main() -> ExitCode {
    App::cli().failure_code(Error::exit_code).run()
}

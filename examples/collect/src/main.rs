//! `collect`, a metrics collector.

use std::process::ExitCode;

use collect::app::App;

fn main() -> ExitCode {
    App::cli().run()
}

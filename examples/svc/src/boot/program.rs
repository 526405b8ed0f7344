//! Programs of the system that are asked to do something.

use std::io;
use std::process::Output;

use crate::error::{Error, reason};

/// The output of a program, or why it failed.
pub(super) fn output(name: &str, output: io::Result<Output>) -> Result<Vec<u8>, Error> {
    let output = output.map_err(|error| missing(name, &error))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Error::Boot(format!(
        "{name}: {}",
        said.trim().replace('\n', "; ")
    )))
}

/// The error for a program that cannot be run.
pub(super) fn missing(name: &str, error: &io::Error) -> Error {
    Error::Boot(format!("{name}: {}", reason(error)))
}

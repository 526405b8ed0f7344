//! Why a command gave no exit code.

use std::boxed::Box;
/// What ends a command early, seen from generated code.
pub enum Stop {
    /// An argument that is required by its type was not given.
    Missing(&'static str),
    /// A flattened struct refused its arguments.
    Usage(clap::Error),
    /// The function returned an error.
    Failure(Box<dyn std::error::Error>),
}

impl From<clap::Error> for Stop {
    fn from(error: clap::Error) -> Self {
        Self::Usage(error)
    }
}

//! Why a command gives no exit code.

use std::boxed::Box;
use std::error::Error;
use std::process::ExitCode;

use clap::Id;

use super::failure::Holder;

/// What a command's function ends with.
pub type Ended = Result<ExitCode, Stop>;

/// What ends a command early, seen from generated code.
pub enum Stop {
    /// It was not called to run.
    Told,
    /// An argument that is required by its type was not given.
    Missing(Id),
    /// A flattened struct refused its arguments.
    Usage(clap::Error),
    /// The function returned an error.
    Failure(Box<dyn Holder>),
    /// It returned one that threads can't share.
    Alone(Box<dyn Error>),
}

/// What was taken; it is given once, after [`Call::done`](super::call::Call::done).
pub fn given<T>(held: &mut Option<T>) -> T {
    match held.take() {
        Some(value) => value,
        None => missing(),
    }
}

/// A borrow of what was taken.
pub(super) fn lent<T>(held: Option<&T>) -> &T {
    match held {
        Some(value) => value,
        None => missing(),
    }
}

#[cold]
fn missing() -> ! {
    unreachable!("what is missing has ended the command")
}

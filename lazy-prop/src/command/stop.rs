//! The reasons why a command gives no exit code.

use std::boxed::Box;
use std::future::Future;
use std::pin::Pin;
use std::process::ExitCode;

use clap::{Command, Id};

use super::error::Error;
use super::failure::FailureCode;

/// The outcome of a command's function.
pub type Ended = Result<ExitCode, Stop>;

/// The rest of a command that is an `async fn`.
pub(super) type Later = Pin<Box<dyn Future<Output = Ended>>>;

/// Makes the error of the program, with its exit code, printed as the root command says.
pub(super) type Failed = dyn FnOnce(&FailureCode, &Command) -> Error;

/// Leaves the rest of a command to an executor.
///
/// # Errors
/// Always: the command has no exit code yet.
pub fn later(rest: impl Future<Output = Ended> + 'static) -> Ended {
    Err(Stop::Later(Box::pin(rest)))
}

/// A reason to end a command early, as generated code sees it.
pub enum Stop {
    /// It goes on later.
    Later(Later),
    /// It was not called to run.
    Told,
    /// An argument that is required by its type was not given.
    Missing(Id),
    /// A flattened struct refused its arguments.
    Usage(clap::Error),
    /// The function returned an error.
    Failed(Box<Failed>),
}

/// The taken value. It is given once, after [`Call::done`](super::call::Call::done).
pub fn given<T>(held: &mut Option<T>) -> T {
    match held.take() {
        Some(value) => value,
        None => missing(),
    }
}

/// A borrow of the taken value.
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

//! Why a command gives no exit code.

use std::boxed::Box;

use clap::Id;

/// What ends a command early, seen from generated code.
pub enum Stop {
    /// It was not called to run.
    Told,
    /// An argument that is required by its type was not given.
    Missing(Id),
    /// A flattened struct refused its arguments.
    Usage(clap::Error),
    /// The function returned an error.
    Failure(Box<dyn std::error::Error>),
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

//! What a chosen command takes from the line, and why it may give no exit code.

use std::boxed::Box;

use clap::{ArgMatches, FromArgMatches};

/// What ends a command early, seen from generated code.
pub enum Stop {
    /// An argument that is required by its type was not given.
    Missing(&'static str),
    /// A flattened struct refused its arguments.
    Usage(clap::Error),
    /// The function returned an error.
    Failure(Box<dyn std::error::Error>),
}

/// The values of a line, from which each parameter takes its own.
///
/// What is missing is noted and told at the end, so that generated code has one way out.
pub struct Taken {
    pub(super) matches: ArgMatches,
    stop: Option<Stop>,
}

impl Taken {
    pub(super) fn new(matches: ArgMatches) -> Self {
        Self {
            matches,
            stop: None,
        }
    }

    /// Notes that a required value is missing.
    pub(super) fn miss(&mut self, id: &'static str) {
        self.stop.get_or_insert(Stop::Missing(id));
    }

    /// Takes a flattened struct.
    pub fn flat<T: FromArgMatches>(&mut self) -> Option<T> {
        match T::from_arg_matches_mut(&mut self.matches) {
            Ok(value) => Some(value),
            Err(error) => {
                self.stop.get_or_insert(Stop::Usage(error));
                None
            }
        }
    }

    /// Whether everything was there.
    ///
    /// # Errors
    /// The first that was not.
    pub fn done(&mut self) -> Result<(), Stop> {
        self.stop.take().map_or(Ok(()), Err)
    }
}

/// What was taken; it is given once, after [`Taken::done`].
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

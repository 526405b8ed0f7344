//! The error of a command line, and how it is told.

use std::boxed::Box;
use std::error::Error as StdError;
use std::fmt::{self, Write as _};
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::string::{String, ToString};

use super::entry::Place;
use super::pipe;

/// Why a command line gave no exit code of its own: from
/// [`Cli::try_run_from`](super::Cli::try_run_from).
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The line was wrong, or it asked for help or the version: clap's error has the text and
    /// the kind. Its exit code is 2; that of help and version is 0.
    Usage(clap::Error),
    /// The command ran, and its function returned this. The exit code is 1, or what
    /// [`Cli::failure_code`](super::Cli::failure_code) says.
    Failure(Box<dyn StdError>, u8),
    /// Two commands of the program have one name. The exit code is 1.
    Duplicate(Duplicate),
}

impl Error {
    /// Whether the line was wrong; help that was asked for is not.
    #[must_use]
    pub fn is_usage(&self) -> bool {
        matches!(self, Self::Usage(error) if error.use_stderr())
    }

    /// What the function returned, if it was called.
    #[must_use]
    pub fn failure(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Failure(error, _) => Some(&**error),
            _ => None,
        }
    }

    /// The exit code that the program ends with: 0, 1 or 2, or that of a failure.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(error) => u8::from(error.use_stderr()) * 2,
            Self::Failure(_, code) => *code,
            Self::Duplicate(_) => 1,
        }
    }

    /// Prints it where it belongs: help that was asked for to standard output, all else to
    /// standard error, a failure with its chain of causes. Gives the exit code.
    #[must_use = "the exit code is for `main` to return"]
    pub fn report(&self) -> ExitCode {
        match self {
            // Nobody is left to hear that the text could not be printed.
            Self::Usage(error) => drop(error.print()),
            Self::Failure(error, _) if pipe::is_closed(&**error) => {
                return ExitCode::from(pipe::CLOSED);
            }
            Self::Failure(error, _) => say(&chain(&**error)),
            Self::Duplicate(error) => say(error),
        }
        ExitCode::from(self.exit_code())
    }
}

/// Tells it to who reads standard error. Nobody is left to hear that this failed.
fn say(error: &dyn fmt::Display) {
    let _ = writeln!(io::stderr(), "error: {error}");
}

/// The message with its chain of causes, one a line; a cause that the message before it ends
/// with is not said again.
fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut last = text.clone();
    let mut next = error.source();
    while let Some(cause) = next {
        let message = cause.to_string();
        if !last.ends_with(&message) {
            let _ = write!(text, "\n  caused by: {message}");
        }
        last = message;
        next = cause.source();
    }
    text
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(error) => error.fmt(f),
            Self::Failure(error, _) => error.fmt(f),
            Self::Duplicate(error) => error.fmt(f),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Usage(error) => error.source(),
            Self::Failure(error, _) => error.source(),
            Self::Duplicate(_) => None,
        }
    }
}

/// Two commands of one name, or a command with the name of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    pub(super) name: String,
    pub(super) first: Place,
    pub(super) second: Place,
}

impl Duplicate {
    /// The name, with its groups.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where the two are declared.
    #[must_use]
    pub fn places(&self) -> [Place; 2] {
        [self.first, self.second]
    }
}

impl fmt::Display for Duplicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            first,
            second,
        } = self;
        write!(
            f,
            "two commands are named `{name}`: at {first} and at {second}"
        )
    }
}

impl StdError for Duplicate {}

//! The error of a command line, and how it is told.

use std::boxed::Box;
use std::error::Error as StdError;
use std::fmt;
use std::format;
use std::process::ExitCode;

use super::failure::{Holder, Shared};
use super::mistake::Mistake;
use super::pipe;

/// Why a command line gave no exit code of its own: from
/// [`Cli::try_run_from`](super::Cli::try_run_from). It has a [kind](Self::kind), an
/// [exit code](Self::exit_code), and what it came from.
pub struct Error {
    code: u8,
    why: Why,
}

/// What kind of error it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The line asked for help or the version. The exit code is 0.
    Help,
    /// The line was wrong. The exit code is 2.
    Usage,
    /// The command ran, and its function returned an error. The exit code is 1, or what
    /// [`Cli::failure_code`](super::Cli::failure_code) says.
    Failure,
    /// The program is wrong: two of its commands have one name, or the like. The exit code is 1.
    Mistake,
}

enum Why {
    Usage(clap::Error),
    Failure {
        error: Box<dyn Holder>,
        /// The same with its causes, as clap prints errors.
        printed: clap::Error,
    },
    Mistake {
        mistake: Mistake,
        printed: clap::Error,
    },
}

/// The same, to be looked at.
enum What<'e> {
    Usage(&'e clap::Error),
    Failure(&'e Shared, &'e clap::Error),
    Mistake(&'e Mistake, &'e clap::Error),
}

impl Error {
    pub(super) fn usage_of(error: clap::Error) -> Self {
        let code = usage_code(&error);
        let why = Why::Usage(error);
        Self { code, why }
    }

    /// What a command returned. If it is an error of clap's, or of another line that it ran, it
    /// stays one.
    pub(super) fn failure_of(error: Box<dyn Holder>, code: u8, printed: clap::Error) -> Self {
        let shared = error.lend();
        let code = match (shared.downcast_ref(), shared.downcast_ref::<Self>()) {
            (Some(usage), _) => usage_code(usage),
            (_, Some(inner)) => inner.code,
            _ => code,
        };
        let why = Why::Failure { error, printed };
        Self { code, why }
    }

    fn what(&self) -> What<'_> {
        match &self.why {
            Why::Usage(error) => What::Usage(error),
            Why::Failure { error, printed } => {
                let error = error.lend();
                match (error.downcast_ref(), error.downcast_ref::<Self>()) {
                    (Some(usage), _) => What::Usage(usage),
                    (_, Some(inner)) => inner.what(),
                    _ => What::Failure(error, printed),
                }
            }
            Why::Mistake { mistake, printed } => What::Mistake(mistake, printed),
        }
    }

    /// What kind of error it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self.what() {
            What::Usage(error) if !error.use_stderr() => ErrorKind::Help,
            What::Usage(_) => ErrorKind::Usage,
            What::Failure(..) => ErrorKind::Failure,
            What::Mistake(..) => ErrorKind::Mistake,
        }
    }

    /// Whether the line was wrong; help that was asked for is not.
    #[must_use]
    pub fn is_usage(&self) -> bool {
        self.kind() == ErrorKind::Usage
    }

    /// clap's error, if the line was wrong or asked for help or the version: it has the text, and
    /// a kind of its own.
    #[must_use]
    pub fn usage(&self) -> Option<&clap::Error> {
        match self.what() {
            What::Usage(error) => Some(error),
            _ => None,
        }
    }

    /// What the function returned, if it was called.
    ///
    /// It is the error as it was made, also out of an `anyhow::Error`; of one that threads can't
    /// share it is the words.
    #[must_use]
    pub fn failure(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        match self.what() {
            What::Failure(error, _) => Some(error),
            _ => None,
        }
    }

    /// What is wrong with the program.
    #[must_use]
    pub fn mistake(&self) -> Option<&Mistake> {
        match self.what() {
            What::Mistake(mistake, _) => Some(mistake),
            _ => None,
        }
    }

    /// The exit code that the program ends with: 0, 1 or 2, or that of a failure.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        self.code
    }

    /// Prints it where it belongs: help that was asked for to standard output, all else to
    /// standard error, a failure with its chain of causes. Gives the exit code.
    #[must_use = "the exit code is for `main` to return"]
    pub fn report(&self) -> ExitCode {
        let printed = match self.what() {
            What::Failure(error, _) if pipe::is_closed(error) => {
                return ExitCode::from(pipe::CLOSED);
            }
            What::Usage(error) => error,
            What::Failure(_, printed) | What::Mistake(_, printed) => printed,
        };
        match printed.print() {
            Err(error) if pipe::is_closed(&error) && !printed.use_stderr() => {
                ExitCode::from(pipe::CLOSED)
            }
            // Nobody is left to hear that the text could not be printed.
            _ => ExitCode::from(self.code),
        }
    }

    fn shown(&self) -> &(dyn StdError + 'static) {
        match self.what() {
            What::Usage(error) => error,
            What::Failure(error, _) => error,
            What::Mistake(mistake, _) => mistake,
        }
    }
}

/// Wrong usage is 2, help that was asked for 0.
fn usage_code(error: &clap::Error) -> u8 {
    u8::from(error.use_stderr()) * 2
}

impl From<Mistake> for Error {
    fn from(mistake: Mistake) -> Self {
        let printed = clap::Error::raw(clap::error::ErrorKind::Io, format!("{mistake}\n"));
        let why = Why::Mistake { mistake, printed };
        Self { code: 1, why }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.kind())
            .field("code", &self.code)
            .field("source", &self.shown())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.shown(), f)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.shown().source()
    }
}

//! The error of a command line, and how it is printed.

use std::boxed::Box;
use std::error::Error as StdError;
use std::fmt;
use std::format;
use std::process::ExitCode;

use super::failure::{Holder, Shared};
use super::mistake::Mistake;
use super::pipe;

/// The error of [`Cli::try_run_from`](super::Cli::try_run_from). It has a [kind](Self::kind), an
/// [exit code](Self::exit_code) and a source.
pub struct Error {
    code: u8,
    why: Why,
}

/// The kind of an [`Error`].
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

    /// The error that a command returned. An error of clap, or of another line that the command ran, keeps its
    /// kind.
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

    /// The kind of the error.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self.what() {
            What::Usage(error) if !error.use_stderr() => ErrorKind::Help,
            What::Usage(_) => ErrorKind::Usage,
            What::Failure(..) => ErrorKind::Failure,
            What::Mistake(..) => ErrorKind::Mistake,
        }
    }

    /// Whether the line was wrong. A request for help is not.
    #[must_use]
    pub fn is_usage(&self) -> bool {
        self.kind() == ErrorKind::Usage
    }

    /// clap's error, if the line was wrong or asked for help or the version. It has the text and clap's kind.
    #[must_use]
    pub fn usage(&self) -> Option<&clap::Error> {
        match self.what() {
            What::Usage(error) => Some(error),
            _ => None,
        }
    }

    /// The error that the function returned, if it was called.
    ///
    /// It is the original error, also if it was in an `anyhow::Error`. Of an error that threads cannot share
    /// only the text remains.
    #[must_use]
    pub fn failure(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        match self.what() {
            What::Failure(error, _) => Some(error),
            _ => None,
        }
    }

    /// The mistake in the program.
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

    /// Prints the error and returns the exit code. Requested help goes to standard output, everything else to
    /// standard error, a failure with its chain of causes.
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
            Err(error) if pipe::is_broken(&error) && !printed.use_stderr() => {
                ExitCode::from(pipe::CLOSED)
            }
            // Nobody is left to read an error about a failed print.
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

/// 2 for wrong usage, 0 for requested help.
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

//! The errors of the commands.

use std::path::PathBuf;
use std::{error, fmt, io};

use crate::config::Mistakes;

/// Why a command failed.
#[derive(Debug)]
pub enum Error {
    /// The configuration cannot be read.
    Config(PathBuf, io::Error),
    /// The configuration is wrong.
    Mistakes(Mistakes),
    /// The requested collector or file does not exist, or cannot be used.
    Other(String),
    /// The terminal or a file failed.
    Io(io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(file, _) => write!(f, "can't read the configuration {}", file.display()),
            Self::Mistakes(mistakes) => mistakes.fmt(f),
            Self::Other(text) => f.write_str(text),
            Self::Io(error) => error.fmt(f),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Config(_, error) => Some(error),
            _ => None,
        }
    }
}

impl From<Mistakes> for Error {
    fn from(mistakes: Mistakes) -> Self {
        Self::Mistakes(mistakes)
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

//! Errors, one line each.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use std::{error, fmt, io};

use daemon::{DaemonError, PidLockError};

/// Why the program cannot do its task.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// A file cannot be used.
    File(PathBuf, io::Error),
    /// The address cannot be bound.
    Bind(SocketAddr, io::Error),
    /// The address was in use for the whole time.
    InUse(SocketAddr, Duration),
    /// The text is not an address.
    Address(String, String),
    /// The address of a proxy's other server is invalid.
    Upstream(String, String),
    /// A configuration file is invalid.
    Config(PathBuf, String),
    /// There is no such user or group.
    NoUser(&'static str, String),
    /// Another process holds the pid file.
    Runs(PathBuf, Option<u32>),
    /// The pid file cannot be used.
    PidFile(PathBuf, PidLockError),
    /// There is no daemon.
    Daemon(DaemonError),
    /// A daemon has no standard output.
    NoOutput,
    /// A worker does not start.
    Worker(String),
    /// A second child with the same name.
    SameService(String, String),
    /// A second start.
    AlreadyRuns(String),
    /// An application's error.
    Other(Box<dyn error::Error>),
    /// The system refuses.
    System(io::Error),
}

impl Error {
    pub(crate) fn file(path: impl Into<PathBuf>, error: io::Error) -> Self {
        Self::File(path.into(), error)
    }

    /// An application's error.
    pub fn other(error: impl Into<Box<dyn error::Error>>) -> Self {
        Self::Other(error.into())
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

impl From<hyper::http::Error> for Error {
    fn from(error: hyper::http::Error) -> Self {
        Self::other(error)
    }
}

impl From<Box<dyn error::Error>> for Error {
    fn from(error: Box<dyn error::Error>) -> Self {
        Self::Other(error)
    }
}

impl From<DaemonError> for Error {
    fn from(error: DaemonError) -> Self {
        Self::Daemon(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path, error) => write!(f, "{}: {}", path.display(), reason(error)),
            Self::Bind(address, error) => write!(f, "{address}: {}", reason(error)),
            Self::InUse(address, time) => {
                write!(
                    f,
                    "{address}: the address is in use, also after {} s",
                    time.as_secs_f64()
                )
            }
            Self::Address(text, why) => write!(f, "`{text}` is no address: {why}"),
            Self::Upstream(url, why) => write!(f, "`{url}` is no other server: {why}"),
            Self::Config(path, why) => write!(f, "{}: {why}", path.display()),
            Self::NoUser(kind, name) => write!(f, "there is no {kind} `{name}`"),
            Self::Runs(path, Some(pid)) => {
                write!(
                    f,
                    "{}: another one is running, process {pid}",
                    path.display()
                )
            }
            Self::Runs(path, None) => write!(f, "{}: another one is running", path.display()),
            Self::PidFile(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Daemon(error) => error.fmt(f),
            Self::NoOutput => f.write_str("a daemon can't log to standard output"),
            Self::Worker(why) => f.write_str(why),
            Self::SameService(parent, child) => {
                write!(f, "`{parent}` has a service `{child}` already")
            }
            Self::AlreadyRuns(name) => write!(f, "`{name}` is running already"),
            Self::Other(error) => error.fmt(f),
            Self::System(error) => f.write_str(&reason(error)),
        }
    }
}

impl error::Error for Error {}

/// The system's text for an error, without the number.
pub(crate) fn reason(error: &io::Error) -> String {
    let mut text = error.to_string();
    if let Some(end) = text.rfind(" (os error") {
        text.truncate(end);
    }
    text
}

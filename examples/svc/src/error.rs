//! What goes wrong, in one line each, and the exit code of it.

use std::error::Error as StdError;
use std::path::{Path, PathBuf};
use std::{fmt, io};

use crate::name::Name;

/// Why a command failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// There is no home directory to keep a registry in.
    NoHome,
    /// A file or directory can't be used.
    File(PathBuf, io::Error),
    /// There is no registry yet.
    Uninitialized(PathBuf),
    /// There is no service of that name; these names are near.
    Unknown(Name, Vec<Name>),
    /// There is one already.
    Exists(Name),
    /// A newer program has made the registry: of this version, where we know that one.
    Newer(PathBuf, u32, u32),
    /// The registry is no registry, or not a whole one.
    Damaged(PathBuf, String),
    /// SQLite refused, for another reason.
    Registry(PathBuf, rusqlite::Error),
    /// The file is a database of another program.
    Foreign(PathBuf),
    /// Others could change the file, so it is not trusted.
    Untrusted(PathBuf, &'static str),
    /// A service that can't be kept, and why.
    Invalid(Name, &'static str),
}

impl Error {
    /// That a file can't be used.
    pub fn file(path: impl AsRef<Path>, error: io::Error) -> Self {
        Self::File(path.as_ref().to_owned(), error)
    }

    /// The exit code of the program.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Uninitialized(_) => 3,
            Self::Unknown(..) => 4,
            Self::Newer(..) => 5,
            Self::Damaged(..) | Self::Foreign(_) => 6,
            _ => 1,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoHome => f.write_str("there is no home directory: give the registry as `--db`"),
            Self::File(path, error) => write!(f, "{}: {}", path.display(), reason(error)),
            Self::Uninitialized(path) => write!(
                f,
                "there is no registry {}: run `svc initialize`",
                path.display()
            ),
            Self::Unknown(name, near) => {
                write!(f, "there is no service `{name}`")?;
                let near: Vec<_> = near.iter().map(|name| format!("`{name}`")).collect();
                match &near[..] {
                    [] => Ok(()),
                    near => write!(f, ", but {}", near.join(", ")),
                }
            }
            Self::Exists(name) => write!(f, "there is a service `{name}` already"),
            Self::Newer(path, found, known) => write!(
                f,
                "{} was made by a newer svc: its form is {found}, this program knows up to {known}",
                path.display()
            ),
            Self::Damaged(path, reason) => write!(
                f,
                "{} is damaged ({reason}): run `svc recover`",
                path.display()
            ),
            Self::Registry(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Foreign(path) => write!(
                f,
                "{} is a database of another program: give another file as `--db`",
                path.display()
            ),
            Self::Invalid(name, why) => write!(f, "service `{name}` can't be kept: {why}"),
            Self::Untrusted(path, why) => write!(f, "{} is not trusted: {why}", path.display()),
        }
    }
}

impl StdError for Error {}

/// What the system says of an error, without the number that `io::Error` adds to it.
#[must_use]
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" (os error ") {
        Some((reason, _)) => reason.to_owned(),
        None => text,
    }
}

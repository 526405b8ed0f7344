//! The errors of pid files.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{error, fmt, io};

use crate::failure::Failure;

/// Why a pid file could not be taken or released.
#[derive(Debug)]
#[non_exhaustive]
pub enum PidLockError {
    /// Another process holds it, with its id if the file has it yet.
    AlreadyLocked {
        /// The holder.
        pid: Option<u32>,
    },
    /// Another process held it for the whole time.
    Timeout {
        /// The holder.
        pid: Option<u32>,
        /// How long we waited.
        timeout: Duration,
    },
    /// The file cannot be used.
    Failed(PathBuf, io::Error),
    /// The file is gone.
    NotLocked,
    /// Another file has its name now.
    NotMine,
}

impl PidLockError {
    /// As a failure, for the process that waits for the daemon.
    pub(crate) fn at_stage(self, stage: &str, path: &Path) -> Failure {
        let failure = match &self {
            Self::Failed(_, error) => Failure::new(stage, error),
            other => Failure::because(stage, other.to_string()),
        };
        failure.at(path)
    }
}

impl fmt::Display for PidLockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by = |pid: &Option<u32>| pid.map_or(String::new(), |pid| format!(" as process {pid}"));
        match self {
            Self::AlreadyLocked { pid } => write!(f, "it runs already{}", by(pid)),
            Self::Timeout { pid, timeout } => {
                write!(f, "it still runs{} after {timeout:?}", by(pid))
            }
            Self::Failed(path, error) => write!(f, "{}: {error}", path.display()),
            Self::NotLocked => f.write_str("it is not locked"),
            Self::NotMine => f.write_str("it is another's"),
        }
    }
}

impl error::Error for PidLockError {}

//! How a process ended.

use std::fmt;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use rustix::process::WaitStatus;
use serde::{Deserialize, Serialize};

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exit {
    /// By itself, with this code.
    Code(i32),
    /// By this signal.
    Signal(i32),
    /// Unknown: it was not a child of the shim, and the system did not say.
    Unknown,
}

impl Exit {
    /// The exit of a child, from the system.
    #[must_use]
    pub fn of(status: WaitStatus) -> Self {
        match status.terminating_signal() {
            Some(signal) => Self::Signal(signal),
            None => Self::Code(status.exit_status().unwrap_or_default()),
        }
    }

    /// The exit of a process that was not a child, from the system.
    #[must_use]
    pub fn of_other(status: Option<ExitStatus>) -> Self {
        match status {
            Some(status) => match status.signal() {
                Some(signal) => Self::Signal(signal),
                None => Self::Code(status.code().unwrap_or_default()),
            },
            None => Self::Unknown,
        }
    }

    /// Whether it was a success.
    #[must_use]
    pub fn is_success(self) -> bool {
        self == Self::Code(0)
    }

    /// The exit code that a shell would give.
    #[must_use]
    pub fn code(self) -> u8 {
        let code = match self {
            Self::Code(code) => code,
            Self::Signal(signal) => 128 + signal,
            Self::Unknown => 1,
        };
        u8::try_from(code).unwrap_or(u8::MAX)
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "exit {code}"),
            Self::Signal(signal) => write!(f, "killed {signal}"),
            Self::Unknown => f.write_str("exit code unknown"),
        }
    }
}

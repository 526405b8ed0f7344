//! The failures on the way to a daemon, and what the process that started it is told.

use std::ffi::OsString;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::time::Duration;
use std::{error, fmt, io};

use serde::{Deserialize, Serialize};

/// A stage that failed. The waiting process sees it as the failed process did: a path may have any
/// bytes, a text any characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Wire", from = "Wire")]
pub struct Failure {
    /// The name of the stage, such as `chdir` or `exec`.
    pub stage: String,
    /// The file concerned.
    pub path: Option<PathBuf>,
    /// The system's error number, or 0 if the error is not the system's.
    pub errno: i32,
    /// The message, beside the error number.
    pub detail: String,
    /// The exit code for the process that started the daemon.
    pub exit_code: u8,
}

impl Failure {
    /// A failure of a stage, with its error.
    #[must_use]
    pub fn new(stage: impl Into<String>, error: &io::Error) -> Self {
        let errno = error.raw_os_error().unwrap_or(0);
        let detail = match errno {
            0 => error.to_string(),
            _ => String::new(),
        };
        Self {
            stage: stage.into(),
            path: None,
            errno,
            detail,
            exit_code: 1,
        }
    }

    /// A failure of a stage, with a message and no error number.
    #[must_use]
    pub fn because(stage: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(stage, &io::Error::other(detail.into()))
    }

    /// For `map_err`: turns an error into a failure of this stage.
    ///
    /// ```
    /// # use daemon::Failure;
    /// let opened = std::fs::File::open("/no/such").map_err(Failure::stage("config"));
    /// assert_eq!(opened.unwrap_err().to_string(), "config: No such file or directory");
    /// ```
    pub fn stage<E: Into<io::Error>>(stage: &'static str) -> impl Fn(E) -> Self {
        move |error| Self::new(stage, &error.into())
    }

    /// Sets the exit code. The default is 1.
    #[must_use]
    pub fn exit_code(mut self, code: u8) -> Self {
        self.exit_code = code;
        self
    }

    /// Adds the file concerned.
    #[must_use]
    pub fn at(mut self, path: impl Into<PathBuf>) -> Self {
        self.path = Some(path.into());
        self
    }
}

/// One line: the stage, the path and the reason.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_line(f, &self.stage)?;
        if let Some(path) = &self.path {
            f.write_str(" ")?;
            write_line(f, &path.to_string_lossy())?;
        }
        if !self.detail.is_empty() {
            f.write_str(": ")?;
            write_line(f, &self.detail)?;
        }
        match self.errno {
            0 => Ok(()),
            errno => write!(f, ": {}", reason(errno)),
        }
    }
}

/// The system's text for an error number, without the number.
fn reason(errno: i32) -> String {
    let mut text = io::Error::from_raw_os_error(errno).to_string();
    text.truncate(text.rfind(" (os error").unwrap_or(text.len()));
    text
}

fn write_line(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    text.chars().try_for_each(|c| {
        if c.is_control() {
            write!(f, "{}", c.escape_default())
        } else {
            write!(f, "{c}")
        }
    })
}

impl error::Error for Failure {}

/// [`Failure`] in the form that goes through the pipe, because JSON has no text for a path that is
/// not UTF-8.
#[derive(Serialize, Deserialize)]
struct Wire(String, Option<OsString>, i32, String, u8);

impl From<Failure> for Wire {
    fn from(failure: Failure) -> Self {
        let path = failure.path.map(PathBuf::into_os_string);
        Self(
            failure.stage,
            path,
            failure.errno,
            failure.detail,
            failure.exit_code,
        )
    }
}

impl From<Wire> for Failure {
    fn from(Wire(stage, path, errno, detail, exit_code): Wire) -> Self {
        let path = path.map(PathBuf::from);
        Self {
            stage,
            path,
            errno,
            detail,
            exit_code,
        }
    }
}

/// Why there is no daemon, as far as it is known.
#[derive(Debug)]
#[non_exhaustive]
pub enum DaemonError {
    /// A stage failed, here or in the daemon.
    Failed(Failure),
    /// The daemon died before it reported.
    Died(ExitStatus),
    /// The daemon has not reported in time. It may still come up.
    Timeout(Duration),
}

impl DaemonError {
    /// The exit code for the process that started the daemon: that of the failure, that of the
    /// daemon, or the shells' code for a signal. It is never 0.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        let code = match self {
            Self::Failed(failure) => i32::from(failure.exit_code),
            Self::Died(status) => status.code().unwrap_or(128 + status.signal().unwrap_or(0)),
            Self::Timeout(_) => 1,
        };
        u8::try_from(code).unwrap_or(u8::MAX).max(1)
    }
}

impl From<Failure> for DaemonError {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl fmt::Display for DaemonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(failure) => failure.fmt(f),
            Self::Died(status) => match (status.signal(), status.code()) {
                (Some(signal), _) => write!(f, "died before it reported (signal {signal})"),
                (_, Some(code)) => write!(f, "died before it reported (exit code {code})"),
                _ => write!(f, "died before it reported"),
            },
            Self::Timeout(time) => write!(f, "did not report within {time:?}"),
        }
    }
}

impl error::Error for DaemonError {}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    use super::*;

    #[test]
    fn a_failure_is_one_line() {
        let missing = io::Error::from_raw_os_error(libc::ENOENT);
        let failure = Failure::new("exec", &missing).at("/no/such");
        let text = "exec /no/such: No such file or directory";
        assert_eq!(failure.to_string(), text);
        let failure = Failure::because("body", "two\nlines");
        assert_eq!(failure.to_string(), "body: two\\nlines");
    }

    #[test]
    fn a_failure_comes_through_as_it_was() {
        let refused = io::Error::from_raw_os_error(libc::EACCES);
        let mut failure = Failure::new("st\nage", &refused).at(OsStr::from_bytes(b"/\xff\n\0"));
        failure.detail = "\"\u{1b}\n".to_owned();
        failure.exit_code = 3;
        let line = serde_json::to_vec(&failure).unwrap();
        assert!(!line.contains(&b'\n'));
        assert_eq!(serde_json::from_slice::<Failure>(&line).unwrap(), failure);
    }
}

//! The definition of a service.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::name::Name;
use crate::ready::Ready;

/// A service as the registry keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Service {
    /// Its name.
    pub name: Name,
    /// The program and its arguments; never empty.
    pub command: Vec<String>,
    /// Its directory, absolute.
    pub working_directory: PathBuf,
    /// The file for its standard input, absolute.
    pub stdin: PathBuf,
    /// The place of its standard output.
    pub stdout: Output,
    /// The place of its standard error.
    pub stderr: Output,
    /// How much is kept of what goes into its log.
    #[serde(default)]
    pub log: LogLimits,
    /// Its environment, besides the few variables that every service gets.
    pub env: BTreeMap<String, String>,
    /// Whether it starts again after its end.
    pub restart: Restart,
    /// How quickly and how often it starts again.
    pub backoff: Backoff,
    /// How it is stopped.
    pub stop: StopProfile,
    /// How long it has to run to count as started; a second if it comes back when it ends, unless this says so.
    #[serde(default, with = "optional_millis")]
    pub start: Option<Duration>,
    /// What shows that it is ready.
    #[serde(default)]
    pub ready: Option<Ready>,
    /// How long a start waits for that.
    #[serde(default = "ready_timeout", with = "millis")]
    pub ready_timeout: Duration,
    /// The services that start before it and stop after it.
    pub after: Vec<Name>,
    /// Whether it was started and not stopped since, so that it starts after a reboot.
    pub wanted: bool,
}

impl Service {
    /// One that runs this in the root directory, and for the rest is as all are unless somebody says otherwise.
    #[must_use]
    pub fn new(name: Name, command: Vec<String>) -> Self {
        Self {
            name,
            command,
            working_directory: "/".into(),
            stdin: "/dev/null".into(),
            stdout: Output::Log,
            stderr: Output::Log,
            log: LogLimits::default(),
            env: BTreeMap::new(),
            restart: Restart::default(),
            backoff: Backoff::default(),
            stop: StopProfile::default(),
            start: None,
            ready: None,
            ready_timeout: ready_timeout(),
            after: vec![],
            wanted: false,
        }
    }

    /// How long it has to run to count as started.
    #[must_use]
    pub fn least_run(&self) -> Duration {
        let comes_back = self.restart != Restart::No;
        self.start.unwrap_or(Duration::from_secs(comes_back.into()))
    }

    /// Whether it runs as that definition says, whoever wants it or not.
    #[must_use]
    pub fn runs_as(&self, other: &Self) -> bool {
        let wanted = other.wanted;
        let same = Self {
            wanted,
            ..self.clone()
        };
        same == *other
    }
}

/// The place of an output stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "PathBuf", from = "PathBuf")]
pub enum Output {
    /// The log of the service.
    Log,
    /// Into this file or device; absolute.
    File(PathBuf),
}

impl Output {
    /// What stands for the log where paths do: it is no absolute one.
    const LOG: &str = "log";

    /// The path, or what stands for the log.
    #[must_use]
    pub fn as_path(&self) -> &Path {
        match self {
            Self::Log => Path::new(Self::LOG),
            Self::File(path) => path,
        }
    }
}

impl From<PathBuf> for Output {
    fn from(path: PathBuf) -> Self {
        if path == Path::new(Self::LOG) {
            Self::Log
        } else {
            Self::File(path)
        }
    }
}

impl From<Output> for PathBuf {
    fn from(output: Output) -> Self {
        output.as_path().to_owned()
    }
}

/// The limits of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLimits {
    /// How large a file may get, in bytes, before the next is begun.
    pub size: u64,
    /// How many files are kept beside the current one.
    pub keep: u32,
    /// How old a file may get before the next is begun; any age, if this is zero.
    #[serde(with = "millis")]
    pub age: Duration,
}

impl Default for LogLimits {
    fn default() -> Self {
        Self {
            size: 10 << 20,
            keep: 5,
            age: Duration::ZERO,
        }
    }
}

/// When a service that has ended starts again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Restart {
    /// Never.
    #[default]
    No,
    /// When its exit code was not 0, or a signal ended it.
    OnFailure,
    /// Always, until it is stopped.
    Always,
}

/// As on the command line.
impl fmt::Display for Restart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::No => "no",
            Self::OnFailure => "on-failure",
            Self::Always => "always",
        })
    }
}

/// How quickly a service starts again, and when it is given up.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Backoff {
    /// The pause before the first restart; each further one doubles it.
    #[serde(with = "millis")]
    pub first: Duration,
    /// The longest pause. A service that ran as long as this starts again with the first.
    #[serde(with = "millis")]
    pub longest: Duration,
    /// So many starts within the window, and the service is parked.
    pub starts: u32,
    /// The window.
    #[serde(with = "millis")]
    pub window: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(100),
            longest: Duration::from_secs(30),
            starts: 8,
            window: Duration::from_secs(60),
        }
    }
}

/// How a service is stopped: a signal to its main process and, after its end, to the processes that it left
/// behind; so many times, and then `SIGKILL` to all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopProfile {
    /// The number of the signal.
    pub signal: i32,
    /// How often it is sent before `SIGKILL`.
    pub repeat: u32,
    /// The pause after each.
    #[serde(with = "millis")]
    pub pause: Duration,
}

/// `SIGTERM` once, and ten seconds: for many programs a second one means to leave everything as it is. The
/// program of 2008 sent five, half a second apart.
impl Default for StopProfile {
    fn default() -> Self {
        Self {
            signal: libc::SIGTERM,
            repeat: 1,
            pause: Duration::from_secs(10),
        }
    }
}

impl StopProfile {
    /// When `SIGKILL` follows.
    #[must_use]
    pub fn patience(&self) -> Duration {
        self.pause * self.repeat
    }
}

fn ready_timeout() -> Duration {
    Duration::from_secs(60)
}

/// The same of what may be left to a default.
mod optional_millis {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[allow(clippy::ref_option, reason = "serde hands it so")]
    pub(super) fn serialize<S: Serializer>(
        time: &Option<Duration>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        let millis = time.map(|time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
        millis.serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Duration>, D::Error> {
        let millis = Option::<u64>::deserialize(from)?;
        Ok(millis.map(Duration::from_millis))
    }
}

/// Durations as whole milliseconds, in JSON as in the registry.
mod millis {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(time: &Duration, to: S) -> Result<S::Ok, S::Error> {
        u64::try_from(time.as_millis())
            .unwrap_or(u64::MAX)
            .serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        u64::deserialize(from).map(Duration::from_millis)
    }
}

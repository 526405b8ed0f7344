//! The definition of a service.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::account::RunAs;
use crate::file_watch::Watch;
use crate::health::Health;
use crate::limits::Limits;
use crate::millis;
use crate::name::Name;
use crate::ready::Ready;
use crate::reload::Reload;
use crate::schedule::Schedule;

/// A service as in the registry.
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
    /// The limits of its log.
    #[serde(default)]
    pub log: LogLimits,
    /// Its environment, beside the few variables that every service gets.
    pub env: BTreeMap<String, String>,
    /// When it starts again after its end.
    pub restart: Restart,
    /// How quickly and how often it starts again.
    pub backoff: Backoff,
    /// How it is stopped.
    pub stop: StopProfile,
    /// How long it must run to count as started. The default is a second if it comes back when it
    /// ends.
    #[serde(default, with = "millis::optional")]
    pub start: Option<Duration>,
    /// The conditions for readiness.
    #[serde(default)]
    pub ready: Option<Ready>,
    /// How long a start waits for them.
    #[serde(default = "ready_timeout", with = "millis")]
    pub ready_timeout: Duration,
    /// The user whose rights it has, if it is not the one who starts it.
    #[serde(default)]
    pub user: Option<RunAs>,
    /// Its umask, if it is not that of its start.
    #[serde(default)]
    pub umask: Option<u32>,
    /// Its niceness, if it is not that of its start.
    #[serde(default)]
    pub nice: Option<i32>,
    /// Its limits.
    #[serde(default)]
    pub limits: Limits,
    /// How its health is checked.
    #[serde(default)]
    pub health: Health,
    /// How it is asked to read its configuration again.
    #[serde(default)]
    pub reload: Option<Reload>,
    /// When it starts, if not at once.
    #[serde(default)]
    pub schedule: Option<Schedule>,
    /// The files whose change restarts it.
    #[serde(default)]
    pub watch: Watch,
    /// The services that start before it and stop after it.
    pub after: Vec<Name>,
    /// Whether it was started and not stopped since, so that it starts after a reboot.
    pub wanted: bool,
}

impl Service {
    /// A service that runs this in the root directory, with all defaults.
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
            user: None,
            umask: None,
            nice: None,
            limits: Limits::default(),
            health: Health::default(),
            reload: None,
            schedule: None,
            watch: Watch::default(),
            after: vec![],
            wanted: false,
        }
    }

    /// How long it must run to count as started.
    #[must_use]
    pub fn least_run(&self) -> Duration {
        let comes_back = self.restart != Restart::No;
        self.start.unwrap_or(Duration::from_secs(comes_back.into()))
    }

    /// Whether it runs by that definition, regardless of who wants it.
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
    /// This file or device, by its absolute path.
    File(PathBuf),
}

impl Output {
    /// The word for the log in place of a path. It is not absolute, so no path is equal to it.
    const LOG: &str = "log";

    /// The path, or the word for the log.
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
    /// The size at which the next file is begun, in bytes.
    pub size: u64,
    /// The number of old files.
    pub keep: u32,
    /// The age at which the next file is begun. Zero means any age.
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
    /// If its exit code was not 0, or a signal ended it.
    OnFailure,
    /// Always, until it is stopped.
    Always,
}

/// The word on the command line.
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
    /// The pause before the first restart. It doubles for each further one.
    #[serde(with = "millis")]
    pub first: Duration,
    /// The longest pause. A service that ran this long starts with the first pause again.
    #[serde(with = "millis")]
    pub longest: Duration,
    /// After this many starts within the window, the service is parked.
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

/// How a service is stopped: a signal to its main process and, after its end, to its remaining
/// processes, a number of times, and then `SIGKILL` to all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopProfile {
    /// The number of the signal.
    pub signal: i32,
    /// The number of signals before `SIGKILL`.
    pub repeat: u32,
    /// The pause after each.
    #[serde(with = "millis")]
    pub pause: Duration,
}

/// `SIGTERM` once, and ten seconds, because to many programs a second one means to abort. The
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

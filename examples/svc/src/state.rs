//! What runs: written by the shim of a service, read by every command.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;
use rustix::process::WaitStatus;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::identity::{Host, Identity};
use crate::ready::notify_socket;
use crate::service::Service;
use crate::surroundings::Surroundings;
use crate::tree::{self, Mark};

/// How often a state is read that can't be understood.
const READS: u32 = 10;

/// What the shim has written last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// Where the service is in its life.
    pub phase: Phase,
    /// Since when, in seconds of Unix time.
    pub since: u64,
    /// The process that looks after the service.
    pub shim: Identity,
    /// The process that is the service.
    pub process: Option<Identity>,
    /// How often it came back by itself.
    pub restarts: u32,
    /// How it last ended.
    pub last_exit: Option<Exit>,
    /// What it was started as.
    pub service: Service,
    /// Whether it has said that it is ready, by itself.
    #[serde(default)]
    pub ready: bool,
    /// What reads its output, if that goes into its log.
    #[serde(default)]
    pub logger: Option<Identity>,
    /// What it was started with; states of older programs don't say.
    #[serde(default)]
    pub surroundings: Option<Surroundings>,
}

/// Where a service is in its life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Its process is being made.
    Starting,
    /// It runs.
    Running,
    /// It left its first process, and runs on in another.
    Forked,
    /// It was told to stop.
    Stopping,
    /// It was told to stop, and all of it has ended but what is another user's, as this process.
    Refused(i32),
    /// It ended, and starts again soon.
    Waiting,
    /// It was stopped; with `true`, by `SIGKILL` in the end.
    Stopped(bool),
    /// It ended by itself.
    Ended,
    /// It ended too often, and was given up.
    Parked,
    /// It could not be started.
    Failed(String),
}

impl Phase {
    /// Whether nothing of the service is left, by what the shim wrote.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            Self::Stopped(_) | Self::Ended | Self::Parked | Self::Failed(_)
        )
    }
}

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exit {
    /// By itself, with this code.
    Code(i32),
    /// By this signal.
    Signal(i32),
    /// Nobody knows: it was no child of the shim that saw its end, and the system did not say.
    Unknown,
}

impl Exit {
    /// What the system says of a process that has ended.
    #[must_use]
    pub fn of(status: WaitStatus) -> Self {
        match status.terminating_signal() {
            Some(signal) => Self::Signal(signal),
            None => Self::Code(status.exit_status().unwrap_or_default()),
        }
    }

    /// What the system says of the end of a process that was no child.
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

    /// Whether it ended well.
    #[must_use]
    pub fn is_success(self) -> bool {
        self == Self::Code(0)
    }

    /// What a shell makes of it.
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

impl State {
    /// That of a service about to be started by the given shim.
    #[must_use]
    pub fn starting(service: Service, surroundings: Surroundings, shim: Identity) -> Self {
        Self {
            phase: Phase::Starting,
            since: now(),
            shim,
            process: None,
            restarts: 0,
            last_exit: None,
            service,
            ready: false,
            logger: None,
            surroundings: Some(surroundings),
        }
    }

    /// Enters a phase, now.
    pub fn enter(&mut self, phase: Phase) {
        self.phase = phase;
        self.since = now();
    }

    /// Whether there is nothing to start.
    #[must_use]
    pub fn is_up(&self) -> bool {
        matches!(self.phase, Phase::Running | Phase::Forked | Phase::Waiting)
    }

    /// What lives of a service that was not seen to end, its own process first; `file` is where
    /// this stands.
    ///
    /// # Errors
    /// If we lack what it takes to look.
    pub fn survivors(&self, file: &Path, host: &Host) -> io::Result<Vec<Identity>> {
        if self.phase.is_final() || self.shim.is_of_previous_boot(host) {
            return Ok(vec![]);
        }
        tree::left_behind(self.process.as_ref(), &Mark::of(file), host)
    }

    /// What is written there; nothing, if there is no file or none that can be understood.
    ///
    /// # Errors
    /// If the file can't be read.
    pub fn read(file: &Path) -> Result<Option<Self>, Error> {
        // Who is slow to read may meet a file that is the spare one by then, and written to.
        for _ in 0..READS {
            match fs::read(file) {
                Ok(bytes) => match serde_json::from_slice(&bytes) {
                    Ok(state) => return Ok(Some(state)),
                    Err(_) => thread::yield_now(),
                },
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(Error::file(file, error)),
            }
        }
        Ok(None)
    }

    /// Writes it in one piece: who reads sees what was there before, or this.
    ///
    /// It is written to a spare file, and the two change places. So no file is made or removed, of
    /// which there would be thousands when all services start; and on a full disk there is room.
    ///
    /// # Errors
    /// If the file can't be written.
    pub fn write(&self, file: &Path) -> io::Result<()> {
        let text = serde_json::to_vec(self)?;
        let spare = Self::spare(file);
        let mut new = OpenOptions::new();
        new.create(true).mode(0o600);
        let written = write_over(&mut new, &spare, &text).and_then(|()| exchange(&spare, file));
        match written {
            // There was no spare file yet.
            Err(error) if is_full(&error) => {
                let _ = fs::remove_file(&spare);
                write_over(&mut OpenOptions::new(), file, &text).map_err(|_| error)
            }
            written => written,
        }
    }

    /// Removes what is written there.
    ///
    /// # Errors
    /// If it can't be removed.
    pub fn remove(file: &Path) -> Result<(), Error> {
        for file in [file, &Self::spare(file), &notify_socket(file)] {
            match fs::remove_file(file) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(Error::file(file, error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn spare(file: &Path) -> PathBuf {
        file.with_extension("spare")
    }
}

fn write_over(options: &mut OpenOptions, file: &Path, text: &[u8]) -> io::Result<()> {
    let mut file = options.write(true).open(file)?;
    file.write_all(text)?;
    file.set_len(text.len().try_into().unwrap_or(u64::MAX))
}

fn exchange(new: &Path, old: &Path) -> io::Result<()> {
    match renameat_with(CWD, new, CWD, old, RenameFlags::EXCHANGE) {
        // There is no old one, or the file system knows of no exchange.
        Err(Errno::NOENT | Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => fs::rename(new, old),
        exchanged => Ok(exchanged?),
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded
    )
}

/// Seconds of Unix time, to be shown.
#[must_use]
pub fn now() -> u64 {
    let time = SystemTime::now().duration_since(UNIX_EPOCH);
    time.map_or(0, |time| time.as_secs())
}

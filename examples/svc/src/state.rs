//! The state of a service, which its shim writes and every command reads.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;
use serde::{Deserialize, Serialize};

use crate::cgroup::Cgroup;
use crate::error::Error;
use crate::exit::Exit;
use crate::health::Failing;
use crate::identity::{Host, Identity};
use crate::limits::Held;
use crate::mark::Mark;
use crate::notices::notify_socket;
use crate::service::Service;
use crate::surroundings::{Kept, Surroundings};
use crate::tree;

/// How often an unreadable state is read again.
const READS: u32 = 10;

/// The last state that the shim wrote.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The phase of the service.
    pub phase: Phase,
    /// The start of the phase, in seconds of Unix time.
    pub since: u64,
    /// The shim.
    pub shim: Identity,
    /// The main process.
    pub process: Option<Identity>,
    /// The number of automatic restarts.
    pub restarts: u32,
    /// How it last ended.
    pub last_exit: Option<Exit>,
    /// The definition that it was started with.
    pub service: Service,
    /// Whether it has reported that it is ready.
    #[serde(default)]
    pub ready: bool,
    /// What holds its limits.
    #[serde(default)]
    pub held: Held,
    /// Its cgroup, if it has one.
    #[serde(default)]
    pub cgroup: Option<PathBuf>,
    /// The number of its processes that the kernel had killed, for want of memory, before this run.
    #[serde(default)]
    pub out_of_memory_kills: u64,
    /// Whether the kernel killed a process of its last run because its memory was used up.
    #[serde(default)]
    pub out_of_memory: bool,
    /// The checks of its health that have failed in a row.
    #[serde(default)]
    pub failing: Option<Failing>,
    /// Why it was last restarted, if it had not ended by itself.
    #[serde(default)]
    pub restarted_because: Option<String>,
    /// Its logger, if its output goes to its log.
    #[serde(default)]
    pub logger: Option<Identity>,
    /// The inodes of the pipes that the logger reads: standard output and standard error.
    #[serde(default)]
    pub pipes: Option<[u64; 2]>,
    /// The surroundings that it was started with. States of older programs lack them.
    #[serde(default)]
    pub surroundings: Option<Kept>,
}

/// A phase in the life of a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Its process is being created.
    Starting,
    /// It runs.
    Running,
    /// Its first process has ended, and it runs on in another.
    Forked,
    /// It is being stopped.
    Stopping,
    /// It was told to stop, and only processes of another user are left, such as this one.
    Refused(i32),
    /// It ended, and will start again soon.
    Waiting,
    /// It starts at this time, in seconds of Unix time.
    Scheduled(u64),
    /// It was stopped. `true` if `SIGKILL` was needed.
    Stopped(bool),
    /// It ended by itself.
    Ended,
    /// It ended too often, and was given up.
    Parked,
    /// It could not be started.
    Failed(String),
}

impl Phase {
    /// Whether nothing of the service is left, according to the shim.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            Self::Stopped(_) | Self::Ended | Self::Parked | Self::Failed(_)
        )
    }
}

impl State {
    /// The state of a service that the given shim is about to start.
    #[must_use]
    pub fn starting(service: Service, surroundings: &Surroundings, shim: Identity) -> Self {
        Self {
            phase: Phase::Starting,
            since: now(),
            shim,
            process: None,
            restarts: 0,
            last_exit: None,
            service,
            ready: false,
            held: Held::new(),
            cgroup: None,
            out_of_memory_kills: 0,
            out_of_memory: false,
            failing: None,
            restarted_because: None,
            logger: None,
            pipes: None,
            surroundings: Some(surroundings.into()),
        }
    }

    /// Enters a phase, now.
    pub fn enter(&mut self, phase: Phase) {
        self.phase = phase;
        self.since = now();
    }

    /// Gives the service this cgroup for its next run.
    pub fn enter_cgroup(&mut self, cgroup: Option<&Cgroup>) {
        self.cgroup = cgroup.map(|cgroup| cgroup.path().to_owned());
        self.out_of_memory_kills = cgroup.map_or(0, Cgroup::out_of_memory_kills);
    }

    /// Removes the cgroup of a service that has ended, and notes whether it had too little memory.
    pub fn leave_cgroup(&mut self) {
        let cgroup = self.cgroup.take().map(Cgroup::at);
        let kills = cgroup.as_ref().map_or(0, Cgroup::out_of_memory_kills);
        self.out_of_memory = kills > self.out_of_memory_kills;
        if let Some(cgroup) = cgroup {
            cgroup.remove();
        }
    }

    /// How its last run ended, for people.
    #[must_use]
    pub fn last_end(&self) -> Option<String> {
        let exit = self.last_exit?;
        let why = if self.out_of_memory {
            ", out of memory"
        } else {
            ""
        };
        Some(format!("{exit}{why}"))
    }

    /// Whether it needs no start.
    #[must_use]
    pub fn is_up(&self) -> bool {
        matches!(
            self.phase,
            Phase::Running | Phase::Forked | Phase::Waiting | Phase::Scheduled(_)
        )
    }

    /// The live processes of a service whose end was not seen, the main process first. `file` is
    /// the file of this state.
    ///
    /// # Errors
    /// If the system lacks resources.
    pub fn survivors(&self, file: &Path, host: &Host) -> io::Result<Vec<Identity>> {
        if self.phase.is_final() || self.shim.is_of_previous_boot(host) {
            return Ok(vec![]);
        }
        tree::left_behind(self.process.as_ref(), &Mark::of(file), host)
    }

    /// Reads a state. `None` if there is no file, or it cannot be understood.
    ///
    /// # Errors
    /// If the file can't be read.
    pub fn read(file: &Path) -> Result<Option<Self>, Error> {
        // A slow reader may hold a file that has become the spare one and is being written.
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

    /// Writes it atomically: a reader sees the old state or this one.
    ///
    /// It is written to a spare file, and the two are exchanged. So no file is created or removed
    /// when thousands of services start, and there is room on a full disk.
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

    /// Removes the state.
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
        // There is no old file, or the file system cannot exchange files.
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

/// Seconds of Unix time, for display.
#[must_use]
pub fn now() -> u64 {
    let time = SystemTime::now().duration_since(UNIX_EPOCH);
    time.map_or(0, |time| time.as_secs())
}

//! The logger of a service, as the shim sees it.

use std::io::{self, PipeWriter};
use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

use daemon::{Failure, process};
use rustix::process::{Pid, getpid};

use super::Stream;
use super::guard::{FindShim, Guard};
use super::pipes::Pipes;
use super::sink;
use super::writer::Writer;
use crate::identity::{Host, Identity, Process};
use crate::name::Name;
use crate::paths::Files;
use crate::service::LogLimits;
use crate::trust;

/// How long a shim waits for the last lines of its service.
const PATIENCE: Duration = Duration::from_secs(1);

/// The logger of a service, as the shim sees it.
#[derive(Debug)]
pub struct Logger {
    name: Name,
    files: Files,
    host: Host,
    limits: LogLimits,
    pipes: Pipes,
    /// Finds the shim, which may be another one by then.
    find_shim: FindShim,
    /// The process.
    pub pid: Pid,
    /// A handle of it, if another shim started it. Then no signal reports its end.
    adopted: Option<Process>,
}

impl Logger {
    /// Starts the logger of a service, whose shim is this process.
    ///
    /// # Errors
    /// If the log can't be written, or the system refuses.
    pub fn start(
        name: &Name,
        limits: LogLimits,
        files: &Files,
        host: &Host,
        find_shim: FindShim,
    ) -> Result<Self, Failure> {
        let path = files.log.current();
        let failed = |error: io::Error| Failure::new("log", &error).at(path);
        if let Some(directory) = path.parent() {
            trust::directory(directory)
                .map_err(|error| Failure::because("log", error.to_string()))?;
        }
        // We open the log too, so that a start reports an error of the log.
        drop(Writer::open(files.log.clone(), limits).map_err(failed)?);
        let mut logger = Self {
            name: name.clone(),
            files: files.clone(),
            host: host.clone(),
            limits,
            pipes: Pipes::new().map_err(failed)?,
            find_shim,
            pid: getpid(),
            adopted: None,
        };
        logger.again().map_err(failed)?;
        Ok(logger)
    }

    /// The logger of a killed shim, if it lives and reads everything that the service needs. It is
    /// known by its process and by the inodes of its pipes.
    #[must_use]
    pub fn adopt(
        (identity, pipes): (&Identity, [u64; 2]),
        needed: &[Stream],
        name: &Name,
        limits: LogLimits,
        files: &Files,
        host: &Host,
        find_shim: FindShim,
    ) -> Option<Self> {
        let process = identity.find(host).ok()??;
        let pid = Pid::from_raw(identity.pid)?;
        let pipes = Pipes::of(pid, pipes, needed).ok()??;
        // Otherwise the pipes may belong to another process.
        process.lives().then(|| Self {
            name: name.clone(),
            files: files.clone(),
            host: host.clone(),
            limits,
            pipes,
            find_shim,
            pid,
            adopted: Some(process),
        })
    }

    /// A descriptor that becomes readable when the logger ends, if no signal reports it.
    #[must_use]
    pub fn end(&self) -> Option<BorrowedFd<'_>> {
        self.adopted.as_ref().map(AsFd::as_fd)
    }

    /// Whether it has ended, if no signal reports it.
    #[must_use]
    pub fn has_ended_unseen(&self) -> bool {
        self.adopted
            .as_ref()
            .is_some_and(|process| !process.lives())
    }

    /// Starts it again, if it was killed.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn again(&mut self) -> io::Result<()> {
        self.adopted = None;
        let us = Process::open(getpid())?.ok_or(io::ErrorKind::NotFound)?;
        self.pid = match process::fork()? {
            process::Fork::Parent(pid) => pid,
            process::Fork::Child => {
                let guard = Guard::of(us, &self.files, &self.host, self.find_shim);
                let log = self.files.log.clone();
                let ended = sink::keep(&self.name, log, self.limits, &self.pipes, guard);
                process::exit_now(u8::from(ended.is_err()))
            }
        };
        Ok(())
    }

    /// The identity of its process.
    #[must_use]
    pub fn identity(&self) -> Option<Identity> {
        Identity::of(self.pid, &self.host).ok()
    }

    /// The inodes of its pipes.
    #[must_use]
    pub fn pipes(&self) -> Option<[u64; 2]> {
        self.pipes.inodes().ok()
    }

    /// The service's ends.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn writer(&self, stream: Stream) -> io::Result<PipeWriter> {
        self.pipes.writer(stream)
    }

    /// Waits until the last lines are written, but not for ever, because another process may hold
    /// the pipe.
    pub fn finish(self) {
        let identity = self.identity();
        let found = || identity?.find(&self.host).ok().flatten();
        let process = self.adopted.or_else(found);
        drop(self.pipes);
        if let Some(process) = process {
            let _ = process.ends_within(PATIENCE);
        }
    }
}

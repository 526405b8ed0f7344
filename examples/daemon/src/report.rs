//! How the process that starts a daemon learns the result.
//!
//! There are two pipes. The daemon reports to the intermediate process, which is its parent and
//! also learns how it died. That process passes the report on to the waiting one. Neither keeps the
//! other end of a pipe open, so a wait ends when nobody is left to report.

use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{self, Pid, PidfdFlags, Signal, WaitOptions};
use serde::{Deserialize, Serialize};

use crate::close::close_all_but;
use crate::failure::{DaemonError, Failure};

/// The content of a pipe: one line of JSON.
#[derive(Serialize, Deserialize)]
enum Record {
    Ready(String),
    Failed(Failure),
    Died(i32),
}

/// Reports the result of the start, once. Later reports go nowhere.
///
/// Dropped without a report, it reports that as a failure of the stage `body`.
#[derive(Debug)]
pub struct Reporter {
    /// `None` if nobody waits.
    pipe: Option<PipeWriter>,
}

impl Reporter {
    pub(crate) fn new(pipe: PipeWriter) -> Self {
        Self { pipe: Some(pipe) }
    }

    /// The reporter of a process that nobody waits for.
    pub(crate) fn to_nobody() -> Self {
        Self { pipe: None }
    }

    /// The daemon's reporter, in place of its parent's.
    pub(crate) fn through(mut self, pipe: PipeWriter) -> Self {
        self.pipe = Some(pipe);
        self
    }

    /// Reports that the daemon works, with a text for the waiting process.
    ///
    /// Returns whether a process was still waiting. If not, the start counts as failed there.
    #[allow(clippy::must_use_candidate, reason = "most daemons go on either way")]
    pub fn ready(&mut self, text: &str) -> bool {
        self.send(&Record::Ready(text.to_owned()))
    }

    /// Reports a failure. The daemon should then end.
    #[allow(clippy::must_use_candidate, reason = "it ends either way")]
    pub fn fail(&mut self, failure: &Failure) -> bool {
        self.send(&Record::Failed(failure.clone()))
    }

    fn send(&mut self, record: &Record) -> bool {
        let mut line = serde_json::to_vec(record).unwrap_or_default();
        line.push(b'\n');
        self.pass_on(&line)
    }

    /// Closes the pipe as well, because the waiting process must not depend on our end.
    fn pass_on(&mut self, line: &[u8]) -> bool {
        let pipe = self.pipe.take();
        pipe.is_some_and(|mut pipe| pipe.write_all(line).is_ok())
    }

    /// The descriptor that must stay open until the report, if there was none yet.
    #[must_use]
    pub fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        self.pipe.as_ref().map(AsFd::as_fd)
    }
}

impl Drop for Reporter {
    fn drop(&mut self) {
        if self.pipe.is_some() {
            let why = if thread::panicking() {
                "it panicked before it reported"
            } else {
                "it made no report"
            };
            self.send(&Record::Failed(Failure::because("body", why)));
        }
    }
}

/// Waits, in the intermediate process, until its child, the daemon, has reported or died. Returns
/// the line for the waiting process.
fn outcome(mut from: PipeReader, daemon: Pid) -> io::Result<Vec<u8>> {
    let death = process::pidfd_open(daemon, PidfdFlags::empty())?;
    let mut line = Vec::new();
    while line.last() != Some(&b'\n') {
        let mut either = [
            PollFd::new(&from, PollFlags::IN),
            PollFd::new(&death, PollFlags::IN),
        ];
        rustix::io::retry_on_intr(|| poll(&mut either, None))?;
        // The pipe first, because a daemon may report and die. Not only the pipe, because children
        // of the daemon hold its other end too.
        let mut chunk = [0; 4096];
        let read = if either[0].revents().is_empty() {
            0
        } else {
            from.read(&mut chunk)?
        };
        if read == 0 {
            return Ok(serde_json::to_vec(&without_report(&death, daemon)?)?);
        }
        line.extend_from_slice(&chunk[..read]);
    }
    Ok(line)
}

/// The report on a daemon that cannot report any more: how it died. If it lives on as another
/// program, there is nothing to report.
fn without_report(death: &OwnedFd, daemon: Pid) -> io::Result<Record> {
    let mut death = [PollFd::new(death, PollFlags::IN)];
    let grace = Timespec {
        tv_sec: 1,
        tv_nsec: 0,
    };
    if rustix::io::retry_on_intr(|| poll(&mut death, Some(&grace)))? == 0 {
        return Ok(Record::Failed(Failure::because(
            "body",
            "it became another program before it reported",
        )));
    }
    let died = process::waitpid(Some(daemon), WaitOptions::empty())?;
    Ok(Record::Died(died.map_or(0, |(_, status)| status.as_raw())))
}

/// The work of the intermediate process until it ends.
pub(crate) fn relay(from: PipeReader, mut to: Reporter, daemon: Pid) {
    // It has copies of the caller's descriptors, and others may wait for these to close.
    let own = to.descriptor().map(|pipe| pipe.as_raw_fd());
    let closed = close_all_but(&[from.as_raw_fd(), own.unwrap_or(-1)]);
    match closed.and_then(|()| outcome(from, daemon)) {
        Ok(line) => to.pass_on(&line),
        Err(error) => to.fail(&Failure::new("relay", &error)),
    };
}

/// A daemon that has not reported yet.
///
/// Its descriptor is readable as soon as [`wait`](Self::wait) would not block, so many can be
/// polled. Dropped, it stops waiting, and the daemon goes on by itself.
#[derive(Debug)]
pub struct Pending {
    pipe: PipeReader,
    between: Pid,
    reaped: bool,
}

impl Pending {
    pub(crate) fn new(pipe: PipeReader, between: Pid) -> Self {
        Self {
            pipe,
            between,
            reaped: false,
        }
    }

    /// Waits until the daemon has reported or died, but at most until the deadline, and returns the
    /// text of the report. `Duration::MAX` means for ever.
    ///
    /// # Errors
    /// The failure that the daemon reported, how it died, or a timeout. After a timeout the daemon
    /// may still come up: its [`Reporter::ready`] then returns `false`.
    pub fn wait(mut self, deadline: Duration) -> Result<String, DaemonError> {
        let failed = |error: io::Error| Failure::new("report", &error);
        let line = self.read_until(Instant::now().checked_add(deadline));
        let line = line.map_err(failed)?;
        let line = line.ok_or(DaemonError::Timeout(deadline))?;
        let status = self.reap().map_err(failed)?;
        match serde_json::from_slice(&line) {
            Ok(Record::Ready(text)) => Ok(text),
            Ok(Record::Failed(failure)) => Err(failure.into()),
            Ok(Record::Died(status)) => Err(DaemonError::Died(ExitStatus::from_raw(status))),
            Err(_) => Err(DaemonError::Died(status)),
        }
    }

    /// Everything that arrives, or nothing if the time runs out first.
    fn read_until(&mut self, end: Option<Instant>) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        loop {
            let left = end.map(|end| end.saturating_duration_since(Instant::now()));
            // A time that is too large for the system counts as for ever.
            let left = left.and_then(|left| Timespec::try_from(left).ok());
            match poll(&mut [PollFd::new(&self.pipe, PollFlags::IN)], left.as_ref()) {
                Ok(0) => return Ok(None),
                Err(Errno::INTR) => continue,
                other => other?,
            };
            let mut chunk = [0; 4096];
            match self.pipe.read(&mut chunk) {
                Ok(0) => return Ok(Some(line)),
                Ok(read) => line.extend_from_slice(&chunk[..read]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn reap(&mut self) -> io::Result<ExitStatus> {
        self.reaped = true;
        let wait = || process::waitpid(Some(self.between), WaitOptions::empty());
        match rustix::io::retry_on_intr(wait) {
            Ok(ended) => Ok(ExitStatus::from_raw(ended.map_or(0, |(_, s)| s.as_raw()))),
            // If `SIGCHLD` is ignored, the system has reaped it.
            Err(Errno::CHILD) => Ok(ExitStatus::default()),
            Err(error) => Err(error.into()),
        }
    }
}

impl AsFd for Pending {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.pipe.as_fd()
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if !self.reaped {
            let _ = process::kill_process(self.between, Signal::KILL);
            let _ = self.reap();
        }
    }
}

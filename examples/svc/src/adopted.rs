//! A service whose shim was killed, for the new shim that looks after it.
//!
//! Its processes are not children of the shim. No signal reports their end, so their pidfds do, and
//! the kernel is asked for the exit code.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::thread;
use std::time::{Duration, Instant};

use crate::exit::Exit;
use crate::identity::{Host, Identity, Process};
use crate::mark::Mark;
use crate::tree;

/// How long a process may wait for its parent to reap it. The kernel tells us the exit code only
/// then.
const PATIENCE: Duration = Duration::from_secs(1);

/// The sleep between two looks.
const NAP: Duration = Duration::from_millis(5);

/// The processes of an adopted service.
#[derive(Debug)]
pub struct Adopted {
    /// The main process of the killed shim. It leads the session of the service.
    leader: Identity,
    /// The main process, until its end is noted.
    main: Option<(Identity, Process)>,
}

impl Adopted {
    /// The service with this main process, or `None` if it has ended.
    ///
    /// # Errors
    /// Here and below: if the system lacks resources.
    /// Here and below: if we lack the resources to look.
    pub fn new(leader: Identity, host: &Host) -> io::Result<Option<Self>> {
        let process = leader.find(host)?;
        Ok(process.map(|process| Self {
            main: Some((leader.clone(), process)),
            leader,
        }))
    }

    /// Makes this process the main one. Returns whether it lives.
    pub fn follow(&mut self, successor: &Identity, host: &Host) -> bool {
        let process = successor.find(host).ok().flatten();
        self.main = process.map(|process| (successor.clone(), process));
        self.main.is_some()
    }

    /// A descriptor that becomes readable when the main process ends, or `None` if it has ended.
    #[must_use]
    pub fn end(&self) -> Option<BorrowedFd<'_>> {
        self.main.as_ref().map(|(_, process)| process.as_fd())
    }

    /// Whether the main process has ended. Nothing reports the end of the others: a caller that
    /// waits for them looks again.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        !self.main.as_ref().is_some_and(|(_, main)| main.lives())
    }

    /// How the main process ended, given once.
    pub fn take_exit(&mut self) -> Option<Exit> {
        let (identity, process) = self.main.take_if(|(_, process)| !process.lives())?;
        let begun = Instant::now();
        loop {
            let status = process.exit_status(&identity);
            if status.is_some() || begun.elapsed() > PATIENCE {
                return Some(Exit::of_other(status));
            }
            thread::sleep(NAP);
        }
    }

    /// All processes of the service.
    ///
    /// # Errors
    /// As above.
    pub fn processes(leader: &Identity, mark: &Mark, host: &Host) -> io::Result<Vec<Identity>> {
        tree::left_behind(Some(leader), mark, host)
    }

    /// The leader of their session.
    #[must_use]
    pub fn leader(&self) -> &Identity {
        &self.leader
    }
}

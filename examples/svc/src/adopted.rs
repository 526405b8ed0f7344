//! A service whose shim was killed, as the shim has it that looks after it now.
//!
//! Its processes are children of somebody else. No signal tells of their end, so their pidfds do, and the kernel
//! has to be asked for the exit code.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::thread;
use std::time::{Duration, Instant};

use crate::identity::{Host, Identity, Process};
use crate::state::Exit;
use crate::tree::{self, Mark};

/// How long the parent of a process may take to ask for its exit code: only then the kernel tells us.
const PATIENCE: Duration = Duration::from_secs(1);

/// The sleep between two looks.
const NAP: Duration = Duration::from_millis(5);

/// The processes of an adopted service.
#[derive(Debug)]
pub struct Adopted {
    /// The process that the killed shim knew: it leads the session of the service.
    leader: Identity,
    /// The process that is the service, until its end is noted.
    main: Option<(Identity, Process)>,
}

impl Adopted {
    /// The service that is this process; nothing, if it has ended.
    ///
    /// # Errors
    /// Here and below: if we lack the resources to look.
    pub fn new(leader: Identity, host: &Host) -> io::Result<Option<Self>> {
        let process = leader.find(host)?;
        Ok(process.map(|process| Self {
            main: Some((leader.clone(), process)),
            leader,
        }))
    }

    /// From now on this process is the service; gives whether it lives.
    pub fn follow(&mut self, successor: &Identity, host: &Host) -> bool {
        let process = successor.find(host).ok().flatten();
        self.main = process.map(|process| (successor.clone(), process));
        self.main.is_some()
    }

    /// What becomes readable when the service ends; nothing, if it has ended.
    #[must_use]
    pub fn end(&self) -> Option<BorrowedFd<'_>> {
        self.main.as_ref().map(|(_, process)| process.as_fd())
    }

    /// Whether the service has ended. The others of its processes end unseen: who waits for them looks again.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        !self.main.as_ref().is_some_and(|(_, main)| main.lives())
    }

    /// How the service ended, once, if it has.
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

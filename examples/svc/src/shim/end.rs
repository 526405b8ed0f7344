//! The end of a service: nothing of it is left behind.

use std::io;
use std::time::{Duration, Instant};

use rustix::process::{WaitOptions, getpid, wait};

use super::Shim;
use super::event::Event;
use crate::adopted::Adopted;
use crate::ending::{self, Ending};
use crate::exit::Exit;
use crate::identity::{Host, Identity};
use crate::mark::Mark;
use crate::state::Phase;
use crate::tree;

impl Shim {
    /// Ends the rest of the service.
    pub(super) fn end_all(&mut self) -> Ending {
        if self.is_alone() {
            return Ending::Asked;
        }
        self.enter(Phase::Stopping);
        let profile = self.state.service.stop;
        let (mark, host, main) = (
            self.mark.clone(),
            self.host.clone(),
            self.state.process.clone(),
        );
        let leader = self
            .adopted
            .as_ref()
            .map(|adopted| adopted.leader().clone());
        let ours = || processes(leader.as_ref(), &mark, &host);
        loop {
            let gone_within = |time| Ok(self.is_alone_within(time));
            match ending::end(&profile, &host, main.as_ref(), ours, gone_within) {
                Ok(Ending::Refused(process)) => self.refused_by(process),
                Ok(Ending::Never) | Err(_) => {}
                Ok(ending) => {
                    self.hear();
                    return ending;
                }
            }
            // While it exists we stay, so that nobody starts a second copy. It may end by itself,
            // or we are told to try again.
            while !matches!(self.next_event(None), Event::Stop | Event::Interrupt) {
                if self.is_alone() {
                    return Ending::Asked;
                }
            }
            self.enter(Phase::Stopping);
        }
    }

    /// We may signal our own children, unless they changed their user. Those that are left are the
    /// rest of the service.
    fn refused_by(&mut self, process: Identity) {
        let pid = process.pid;
        self.state.process = Some(process);
        self.enter(Phase::Refused(pid));
    }

    /// Waits until no process of the service is left, at most for this long.
    pub(super) fn is_alone_within(&mut self, time: Duration) -> bool {
        let until = Instant::now() + time;
        while !self.is_alone() {
            if matches!(self.next_event(Some(until)), Event::Time) {
                return self.is_alone();
            }
        }
        true
    }

    /// Reaps all that have ended. Returns whether nothing of the service is left.
    pub(super) fn is_alone(&mut self) -> bool {
        let is_childless =
            self.reap() || tree::has_own_child(getpid(), &self.mark).is_ok_and(|has| !has);
        let leader = self.adopted.as_ref().map(Adopted::leader);
        is_childless
            && leader.is_none_or(|leader| {
                processes(Some(leader), &self.mark, &self.host).is_ok_and(|all| all.is_empty())
            })
    }

    /// Reaps all that have ended. Returns whether we have no children any more, not even shims of
    /// services that ours started.
    pub(super) fn reap(&mut self) -> bool {
        if let Some(exit) = self.adopted.as_mut().and_then(Adopted::take_exit) {
            self.main = None;
            self.state.process = None;
            self.state.last_exit = Some(exit);
        }
        loop {
            match wait(WaitOptions::NOHANG) {
                Ok(Some((pid, status))) if Some(pid) == self.main => {
                    self.main = None;
                    self.state.process = None;
                    self.state.last_exit = Some(Exit::of(status));
                }
                Ok(Some((pid, status))) => {
                    self.note_check(pid, status);
                    self.see_to_logger(pid);
                }
                Ok(None) => return false,
                Err(_) => return true,
            }
        }
    }
}

/// All processes of our service. An adopted one has this leader.
pub(super) fn processes(
    leader: Option<&Identity>,
    mark: &Mark,
    host: &Host,
) -> io::Result<Vec<Identity>> {
    match leader {
        Some(leader) => Adopted::processes(leader, mark, host),
        None => tree::looked_after(getpid(), mark, host),
    }
}

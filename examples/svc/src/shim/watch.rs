//! Watching a running service until its end.

use std::time::Instant;

use rustix::process::Pid;

use super::Shim;
use super::end::processes;
use super::event::Event;
use crate::adopted::Adopted;
use crate::ending::Ending;
use crate::kill_point::KillPoint;
use crate::state::{Exit, Phase};

impl Shim {
    /// Waits for the end of the service, and ends the rest of it. Returns whether it was stopped.
    pub(super) fn watch(&mut self) -> bool {
        loop {
            match self.next_event(None) {
                Event::Stop => {
                    KillPoint::ShimStopping.pass();
                    break;
                }
                Event::Interrupt => {
                    self.leave_to_terminal();
                    break;
                }
                Event::Child if self.has_ended() => break,
                Event::Child | Event::Time => {}
            }
        }
        let ending = self.end_all();
        self.adopted = None;
        self.state.process = None;
        self.state.remove_cgroup();
        KillPoint::ShimReaped.pass();
        if self.told {
            self.finish_log();
            self.enter(Phase::Stopped(ending == Ending::Killed));
        }
        self.told
    }

    /// Gives the service the pause of its profile to end by itself, because the terminal has told
    /// it already. A second order shortens that.
    fn leave_to_terminal(&mut self) {
        self.enter(Phase::Stopping);
        let until = Instant::now() + self.state.service.stop.pause;
        while self.main.is_some() && matches!(self.next_event(Some(until)), Event::Child) {
            self.reap();
        }
    }

    /// Whether the service has ended, and not gone on in another process.
    fn has_ended(&mut self) -> bool {
        self.reap();
        self.main.is_none() && !self.follow()
    }

    /// A service that ends well and leaves one process has made itself a daemon, and that process
    /// becomes the main one. If several are left, the end of one says nothing about the others, and
    /// the next becomes the main one.
    fn follow(&mut self) -> bool {
        let is_daemon = self.state.phase == Phase::Forked;
        if !is_daemon && !self.state.last_exit.is_some_and(Exit::is_success) {
            return false;
        }
        // Again if all of them have just ended, because one may have left us another since.
        while !self.is_alone() {
            let leader = self.adopted.as_ref().map(Adopted::leader);
            let Ok(all) = processes(leader, &self.mark, &self.host) else {
                return false;
            };
            if let Some(successor) = all.into_iter().next() {
                let mut adopted = self.adopted.iter_mut();
                if !adopted.all(|adopted| adopted.follow(&successor, &self.host)) {
                    continue;
                }
                self.main = Pid::from_raw(successor.pid);
                self.state.process = Some(successor);
                self.enter(Phase::Forked);
                return true;
            }
        }
        false
    }
}

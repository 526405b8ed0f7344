//! Watching a running service until its end.

use std::time::Instant;

use rustix::process::{Pid, WaitStatus};

use super::checkup::Checkup;
use super::end::processes;
use super::event::Event;
use super::{Shim, next::End};
use crate::adopted::Adopted;
use crate::ending::Ending;
use crate::events::{Event as Happened, Events, Kind};
use crate::exit::Exit;
use crate::file_watch::FileWatch;
use crate::kill_point::KillPoint;
use crate::state::Phase;

impl Shim {
    /// Waits for the end of the service, or for a reason to end it, and ends the rest of it. Returns
    /// why.
    pub(super) fn watch(&mut self) -> End {
        let end = loop {
            match self.next_event(self.due()) {
                Event::Stop => {
                    KillPoint::ShimStopping.pass();
                    break End::Told;
                }
                Event::Interrupt => {
                    self.leave_to_terminal();
                    break End::Told;
                }
                Event::Child if self.has_ended() => break End::Itself,
                Event::Child | Event::File | Event::Time => {}
            }
            if let Some(checkup) = &mut self.checkup {
                checkup.act(&self.state.service);
            }
            if let Some(end) = self.reason_to_end() {
                break end;
            }
        };
        (self.checkup, self.file_watch) = (None, None);
        let ending = self.end_all();
        self.adopted = None;
        self.state.process = None;
        self.state.failing = None;
        self.state.leave_cgroup();
        KillPoint::ShimReaped.pass();
        if self.told {
            self.finish_log();
            self.enter(Phase::Stopped(ending == Ending::Killed));
            return End::Told;
        }
        end
    }

    /// When there is something to do without an event.
    fn due(&self) -> Option<Instant> {
        let check = self.checkup.as_ref().map(Checkup::due);
        let change = self.file_watch.as_ref().and_then(FileWatch::due);
        check.into_iter().chain(change).min()
    }

    /// Whether the service has to start again, and why.
    fn reason_to_end(&mut self) -> Option<End> {
        let sick = self.checkup.as_ref().and_then(Checkup::verdict);
        let changed = self.file_watch.as_ref().and_then(FileWatch::changed);
        let (end, kind, why) = if let Some(why) = sick {
            (
                End::Sick,
                Kind::Unhealthy,
                format!("it was unhealthy: {why}"),
            )
        } else {
            let path = changed?.display();
            (End::Changed, Kind::Changed, format!("{path} has changed"))
        };
        let happened = Happened::now(&self.state.service.name, kind).pid(self.pid());
        Events::beside(&self.files.state).record(&happened.detail(&why));
        self.state.restarted_because = Some(why);
        Some(end)
    }

    /// Notes the answer to a check of the service's health.
    pub(super) fn note_check(&mut self, ended: Pid, status: WaitStatus) {
        let Some(checkup) = &mut self.checkup else {
            return;
        };
        if checkup.note(ended, status) {
            self.state.failing = checkup.failing().cloned();
            let _ = self.state.write(&self.files.state);
        }
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

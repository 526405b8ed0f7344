//! The events that a shim waits for.

use std::time::{Duration, Instant};

use nix::sys::signal::{SigSet, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd, siginfo};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::Shim;
use crate::adopted::Adopted;
use crate::events::Kind;
use crate::file_watch::FileWatch;
use crate::log::logger::Logger;
use crate::notices::{Notices, Said};
use crate::spawn::Ground;

/// The sender of a signal that no process sent, such as a signal from a terminal.
const SI_KERNEL: i32 = 0x80;

/// The interval between two looks at the processes of an adopted service, whose end no signal
/// reports.
const LOOK: Duration = Duration::from_millis(20);

/// The events that a shim waits for.
pub(super) enum Event {
    /// Some process of the service ended.
    Child,
    /// A command asks to stop it.
    Stop,
    /// The terminal has sent it to the service and to us.
    Interrupt,
    /// A watched file has changed.
    File,
    /// The time is up.
    Time,
}

impl Event {
    /// The meaning of a signal, or `None` if it concerns only the service.
    fn of(signal: &siginfo, ground: Ground) -> Option<Self> {
        let is = |other: Signal| signal.ssi_signo == other as u32;
        let is_of_terminal = ground == Ground::Fore && signal.ssi_code == SI_KERNEL;
        if is(Signal::SIGCHLD) {
            Some(Self::Child)
        } else if is(Signal::SIGQUIT) {
            None
        } else if is(Signal::SIGINT) && is_of_terminal {
            Some(Self::Interrupt)
        } else {
            Some(Self::Stop)
        }
    }
}

impl Shim {
    /// Waits for an order to stop, at most for this long.
    pub(super) fn is_stopped_within(&mut self, time: Duration) -> bool {
        let until = Instant::now() + time;
        loop {
            match self.next_event(Some(until)) {
                Event::Stop | Event::Interrupt => return true,
                Event::Time => return false,
                Event::Child | Event::File => {}
            }
        }
    }

    /// Notes the orders that have arrived.
    pub(super) fn hear(&mut self) {
        while !matches!(self.next_event(Some(Instant::now())), Event::Time) {}
    }

    pub(super) fn next_event(&mut self, until: Option<Instant>) -> Event {
        loop {
            if let Ok(Some(signal)) = self.signals.read_signal() {
                match Event::of(&signal, self.ground) {
                    Some(Event::Child) => return Event::Child,
                    Some(told) => {
                        self.told = true;
                        return told;
                    }
                    None => continue,
                }
            }
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            if left.is_some_and(|left| left.is_zero()) {
                return Event::Time;
            }
            self.wait(left.unwrap_or(Duration::MAX));
            if self.file_watch.as_mut().is_some_and(FileWatch::read) {
                return Event::File;
            }
            if let Some(logger) = self
                .logger
                .as_ref()
                .filter(|logger| logger.has_ended_unseen())
            {
                self.see_to_logger(logger.pid);
            }
            if self.adopted.as_ref().is_some_and(Adopted::has_ended) {
                return Event::Child;
            }
        }
    }

    /// Waits for a signal, and for the service's report that it is ready.
    fn wait(&mut self, time: Duration) {
        let mut fds = vec![PollFd::new(&self.signals, PollFlags::IN)];
        fds.extend(
            self.notices
                .iter()
                .map(|notices| PollFd::new(notices, PollFlags::IN)),
        );
        fds.extend(
            self.file_watch
                .iter()
                .map(|files| PollFd::new(files, PollFlags::IN)),
        );
        let end = self.adopted.as_ref().map(Adopted::end);
        let time = if matches!(end, Some(None)) {
            time.min(LOOK)
        } else {
            time
        };
        let end = end.flatten();
        let logger = self.logger.as_ref().and_then(Logger::end);
        let ends = end.iter().chain(&logger);
        fds.extend(ends.map(|end| PollFd::new(end, PollFlags::IN)));
        let time = Timespec::try_from(time).ok();
        let _ = poll(&mut fds, time.as_ref());
        self.hear_notices();
    }

    /// Reads the reports that have come.
    fn hear_notices(&mut self) {
        let said = self.notices.as_mut().map(Notices::read);
        if said == Some(Said::Ready) && !self.state.ready {
            self.state.ready = true;
            let _ = self.state.write(&self.files.state);
            self.record(Kind::Ready);
        }
        if said == Some(Said::Closed) {
            self.notices = None;
        }
    }
}

/// The signals that a shim waits for, which then have no effect by themselves. `SIGQUIT` has none
/// at all: a terminal sends it to the service too, and the shim stays.
pub(super) fn signals() -> nix::Result<SignalFd> {
    let mut mask = SigSet::empty();
    for signal in [
        Signal::SIGCHLD,
        Signal::SIGTERM,
        Signal::SIGINT,
        Signal::SIGHUP,
        Signal::SIGQUIT,
    ] {
        mask.add(signal);
    }
    mask.thread_block()?;
    SignalFd::with_flags(&mask, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK)
}

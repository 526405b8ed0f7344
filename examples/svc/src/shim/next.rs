//! What comes after a run of a service: another one, at once or later, or nothing.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::Shim;
use super::event::Event;
use crate::exit::Exit;
use crate::file_watch::FileWatch;
use crate::program::exit_code;
use crate::restarts::Verdict;
use crate::service::Restart;
use crate::state::Phase;

/// The longest wait without a look at the clock, which may be set, and goes on while the machine
/// sleeps.
const LOOK: Duration = Duration::from_secs(30);

/// Why a run is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// A stop was ordered.
    Told,
    /// The service has ended by itself.
    Itself,
    /// The checks of its health failed.
    Sick,
    /// A watched file has changed.
    Changed,
}

/// What comes next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Next {
    /// Nothing, because a stop was ordered and is done.
    Told,
    /// Nothing, and this is the state.
    Never(Phase),
    /// A run.
    Now,
    /// A run after this pause, or as soon as a watched file changes.
    Soon(Option<Duration>),
    /// A run at its time.
    AtItsTime,
}

impl Shim {
    /// What comes after the run that goes on now.
    pub(super) fn after_this_run(&mut self) -> Next {
        let end = self.watch();
        self.after(end, None)
    }

    /// What comes after a start that failed. That counts as one more end, and is no reason to give
    /// up at once, because the program may be about to be replaced.
    pub(super) fn after_failure(&mut self, failure: &daemon::Failure) -> Next {
        self.restarts.started(Instant::now());
        self.state.last_exit = Some(Exit::Code(exit_code(failure).into()));
        self.after(End::Itself, Some(failure.to_string()))
    }

    fn after(&mut self, end: End, failure: Option<String>) -> Next {
        let verdict = match end {
            End::Told => return Next::Told,
            End::Changed => return Next::Now,
            // Whoever asks for checks wants it to come back.
            End::Sick => self.verdict(Restart::Always),
            End::Itself => self.verdict(self.state.service.restart),
        };
        let service = &self.state.service;
        match verdict {
            Verdict::Again(pause) => Next::Soon(Some(pause)),
            _ if service.schedule.is_some() => Next::AtItsTime,
            _ if !service.watch.paths.is_empty() => Next::Soon(None),
            Verdict::Parked => Next::Never(failure.map_or(Phase::Parked, Phase::Failed)),
            Verdict::Ended => Next::Never(failure.map_or(Phase::Ended, Phase::Failed)),
        }
    }

    fn verdict(&mut self, restart: Restart) -> Verdict {
        let mut jitter = [0];
        let _ = rustix::rand::getrandom(&mut jitter, rustix::rand::GetRandomFlags::empty());
        let exit = self.state.last_exit.unwrap_or(Exit::Code(0));
        let backoff = &self.state.service.backoff;
        self.restarts
            .ended(restart, backoff, exit, Instant::now(), jitter[0])
    }

    /// Waits for this long, or until a watched file changes. Returns whether to go on, because no
    /// stop was ordered.
    pub(super) fn pause(&mut self, time: Option<Duration>) -> bool {
        let until = time.map(|time| Instant::now() + time);
        let files = FileWatch::of(&self.state.service.watch, &self.files.state);
        self.file_watch = files.ok().flatten();
        loop {
            let change = self.file_watch.as_ref().and_then(FileWatch::due);
            let first = until.into_iter().chain(change).min();
            if matches!(self.next_event(first), Event::Stop | Event::Interrupt) {
                return false;
            }
            let is_over = until.is_some_and(|until| until <= Instant::now());
            if is_over
                || self
                    .file_watch
                    .as_ref()
                    .and_then(FileWatch::changed)
                    .is_some()
            {
                return true;
            }
        }
    }

    /// Waits for the next time of the schedule. Returns whether to go on, because no stop was
    /// ordered.
    pub(super) fn waits_for_its_time(&mut self) -> bool {
        let schedule = self.state.service.schedule.clone();
        let next = schedule.and_then(|schedule| schedule.after(SystemTime::now()));
        let since = next.and_then(|next| next.duration_since(UNIX_EPOCH).ok());
        // A year may be given, so that no time is left. Then only a stop can come.
        self.enter(Phase::Scheduled(
            since.map_or(u64::MAX, |since| since.as_secs()),
        ));
        loop {
            let left = next.map(|next| next.duration_since(SystemTime::now()));
            match left {
                Some(Err(_)) => return true,
                Some(Ok(left)) if left.is_zero() => return true,
                Some(Ok(left)) if self.is_stopped_within(left.min(LOOK)) => return false,
                None if self.is_stopped_within(LOOK) => return false,
                _ => {}
            }
        }
    }
}

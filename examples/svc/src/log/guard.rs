//! The watch of a logger over the shim of its service, which may be killed.

use std::fs;
use std::time::{Duration, Instant};

use rustix::event::Timespec;

use crate::identity::{Host, Process};
use crate::paths::Files;

/// The least time between two shims, so that one which always dies costs little, and between two
/// attempts to find one.
const PAUSE: Duration = Duration::from_secs(1);

/// How long a process that has closed its files may take to end.
const PATIENCE: Duration = Duration::from_secs(1);

/// The shim of a service.
#[derive(Debug)]
pub enum Found {
    /// This one. It may be new.
    Shim(Process),
    /// None, and there need be none, because the service has ended.
    Nobody,
    /// None yet, because another process handles the service.
    Busy,
    /// None, and this is why another one could not be started.
    Failed(String),
}

/// Finds the shim of a service, and starts another one if it was killed.
pub type FindShim = fn(&Files, &Host) -> Found;

/// Sees to it that the service has a shim.
#[derive(Debug)]
pub(super) struct Guard<'a> {
    files: &'a Files,
    host: &'a Host,
    find: FindShim,
    shim: Option<Process>,
    /// When the next search may begin.
    next: Instant,
    /// Whether a shim is missing.
    missing: bool,
}

impl<'a> Guard<'a> {
    /// The guard of a service that has this shim.
    pub(super) fn of(shim: Process, files: &'a Files, host: &'a Host, find: FindShim) -> Self {
        Self {
            files,
            host,
            find,
            shim: Some(shim),
            next: Instant::now(),
            missing: false,
        }
    }

    /// The shim, which becomes readable when it ends.
    pub(super) fn shim(&self) -> Option<&Process> {
        self.shim.as_ref()
    }

    /// The time until the next search, if a shim is missing.
    pub(super) fn pause(&self) -> Option<Timespec> {
        let left = self.next.saturating_duration_since(Instant::now());
        self.missing.then(|| Timespec::try_from(left).ok())?
    }

    /// Notes that the shim has ended.
    pub(super) fn lose(&mut self) {
        self.shim = None;
        self.missing = true;
    }

    /// Whether it is time to find another shim.
    pub(super) fn is_due(&self) -> bool {
        self.missing && self.next <= Instant::now()
    }

    /// Finds another shim.
    pub(super) fn act(&mut self) {
        self.next = Instant::now() + PAUSE;
        match (self.find)(self.files, self.host) {
            Found::Shim(shim) => (self.shim, self.missing) = (Some(shim), false),
            Found::Nobody => self.missing = false,
            Found::Busy | Found::Failed(_) => {}
        }
    }

    /// Finds another shim at once, if ours is about to end. Nobody writes to us any more, which may
    /// mean that it was killed, or that it waits for us to finish.
    pub(super) fn finish(mut self) {
        let is_dying = |shim: &Process| {
            let files = fs::read_dir(format!("/proc/{}/fd", shim.pid));
            files.map_or(true, |mut files| files.next().is_none())
        };
        let shim = self.shim.take();
        if self.missing || shim.is_some_and(|shim| is_dying(&shim) && shim.ends_within(PATIENCE)) {
            let _ = (self.find)(self.files, self.host);
        }
    }
}

//! What happened to services: the shims append each event to one file, and `events` prints them.
//!
//! The file is opened for each event, so no process holds it. When it is full it becomes the old one,
//! which the next full one replaces.

mod reader;

pub use reader::{Options, Reader, show};

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::exit::Exit;
use crate::lock::try_lock;
use crate::name::Name;
use crate::state::{Phase, State};
use crate::time;

/// The size at which a file is full, in bytes. It has room for about ten thousand events.
const FULL: u64 = 1 << 20;

/// The file of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Events {
    file: PathBuf,
}

/// Something that happened to a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When, in milliseconds of Unix time.
    pub time: u64,
    /// The service.
    pub name: Name,
    /// What happened.
    pub event: Kind,
    /// The process to which it happened.
    pub pid: Option<i32>,
    /// How the process ended.
    pub exit: Option<Exit>,
    /// More about it, for people.
    pub detail: Option<String>,
}

/// A kind of event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// It runs.
    Started,
    /// It has shown that it is ready.
    Ready,
    /// Its first process has ended, and it runs on in another.
    Forked,
    /// It has a new shim.
    Adopted,
    /// It is being stopped.
    Stopping,
    /// It does not stop, because a process of it is another user's.
    Refused,
    /// It was stopped.
    Stopped,
    /// It was stopped, by `SIGKILL` in the end.
    Killed,
    /// It ended by itself.
    Ended,
    /// It starts at a later time.
    Scheduled,
    /// It starts again, because too many checks of its health failed.
    Unhealthy,
    /// It starts again, because a file has changed.
    Changed,
    /// It was asked to read its configuration again.
    Reloaded,
    /// It ended too often, and was given up.
    Parked,
    /// It could not be started.
    Failed,
    /// It has another name.
    Renamed,
    /// It is gone from the registry.
    Removed,
    /// A newer program wrote it.
    #[serde(other)]
    Other,
}

impl Events {
    /// The events of the registry with this directory.
    #[must_use]
    pub fn of(home: &Path) -> Self {
        let file = home.join("events");
        Self { file }
    }

    /// The events of the registry to which a state belongs.
    #[must_use]
    pub fn beside(state: &Path) -> Self {
        let states = state.parent().unwrap_or(state);
        Self::of(states.parent().unwrap_or(states))
    }

    /// Records an event. A full disk is no reason to do nothing else, so a failure is not reported.
    pub fn record(&self, event: &Event) {
        let _ = self.write(event);
    }

    fn write(&self, event: &Event) -> io::Result<()> {
        // The blank line before ends one that was cut off by a full disk.
        let line = format!("\n{}\n", serde_json::to_string(event)?);
        let mut options = OpenOptions::new();
        let mut file = options
            .append(true)
            .create(true)
            .mode(0o600)
            .open(&self.file)?;
        file.write_all(line.as_bytes())?;
        if file.metadata()?.len() > FULL {
            self.put_aside()?;
        }
        Ok(())
    }

    fn put_aside(&self) -> io::Result<()> {
        let lock = try_lock(&self.file.with_extension("lock"));
        let is_full = fs::metadata(&self.file)?.len() > FULL;
        match lock {
            Ok(Some(_lock)) if is_full => fs::rename(&self.file, self.old()),
            _ => Ok(()),
        }
    }

    fn old(&self) -> PathBuf {
        self.file.with_extension("1")
    }
}

impl Event {
    /// An event that happens now.
    #[must_use]
    pub fn now(name: &Name, event: Kind) -> Self {
        Self {
            time: time::now(),
            name: name.clone(),
            event,
            pid: None,
            exit: None,
            detail: None,
        }
    }

    /// The event that a service has just entered the phase of this state.
    #[must_use]
    pub fn of(state: &State) -> Option<Self> {
        let (kind, detail) = match &state.phase {
            Phase::Starting => return None,
            Phase::Running => (Kind::Started, None),
            Phase::Forked => (Kind::Forked, None),
            Phase::Stopping => (Kind::Stopping, None),
            Phase::Refused(pid) => (Kind::Refused, Some(format!("by process {pid}"))),
            Phase::Scheduled(next) => {
                let next = time::text(next.saturating_mul(1000));
                (Kind::Scheduled, Some(format!("for {next}")))
            }
            Phase::Waiting => (Kind::Ended, Some("comes back".to_owned())),
            Phase::Stopped(false) => (Kind::Stopped, None),
            Phase::Stopped(true) => (Kind::Killed, None),
            Phase::Ended => (Kind::Ended, None),
            Phase::Parked => (Kind::Parked, None),
            Phase::Failed(why) => (Kind::Failed, Some(why.clone())),
        };
        let has_ended = matches!(kind, Kind::Ended | Kind::Parked);
        let memory = (has_ended && state.out_of_memory).then(|| "out of memory".to_owned());
        let detail: Vec<_> = memory.into_iter().chain(detail).collect();
        Some(Self {
            pid: state.process.as_ref().map(|process| process.pid),
            exit: state.last_exit.filter(|_| has_ended),
            detail: (!detail.is_empty()).then(|| detail.join(", ")),
            ..Self::now(&state.service.name, kind)
        })
    }

    /// The same with a process.
    #[must_use]
    pub fn pid(self, pid: i32) -> Self {
        let pid = Some(pid);
        Self { pid, ..self }
    }

    /// The same with more about it.
    #[must_use]
    pub fn detail(self, detail: impl Into<String>) -> Self {
        let detail = Some(detail.into());
        Self { detail, ..self }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = serde_json::to_value(self.event);
        let word = word.ok().and_then(|word| word.as_str().map(str::to_owned));
        let (time, name) = (time::text(self.time), self.name.as_str());
        write!(f, "{time} {name:<12} {}", word.unwrap_or_default())?;
        let pid = self.pid.map(|pid| format!("pid {pid}"));
        let exit = self.exit.map(|exit| exit.to_string());
        let more: Vec<_> = [pid, exit, self.detail.clone()]
            .into_iter()
            .flatten()
            .collect();
        if more.is_empty() {
            return Ok(());
        }
        write!(f, " ({})", more.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn many(events: &Events, name: &str, count: usize) {
        for number in 0..count {
            let event = Event::now(&name.parse().unwrap(), Kind::Started);
            events.record(&event.detail(format!("{number} {}", "x".repeat(2000))));
        }
    }

    #[test]
    fn a_full_file_is_put_aside_and_a_reader_loses_nothing() {
        let home = tempfile::tempdir().unwrap();
        let events = Events::of(home.path());
        let mut reader = Reader::of(&events).unwrap();
        let mut found = 0;
        for _ in 0..4 {
            many(&events, "x", 300);
            found += reader.more().unwrap().len();
        }
        assert_eq!(found, 1200);
        let size = |file: &Path| fs::metadata(file).unwrap().len();
        assert!(size(&events.file) <= FULL && size(&events.old()) <= FULL + 5000);
    }

    #[test]
    fn many_writers_lose_nothing() {
        let home = tempfile::tempdir().unwrap();
        let events = Events::of(home.path());
        std::thread::scope(|scope| {
            for writer in 0..8 {
                let events = &events;
                scope.spawn(move || many(events, &format!("w{writer}"), 20));
            }
        });
        let found = Reader::of(&events).unwrap().more().unwrap();
        assert_eq!(found.len(), 160);
    }

    #[test]
    fn a_line_that_was_cut_off_costs_no_other() {
        let home = tempfile::tempdir().unwrap();
        let events = Events::of(home.path());
        many(&events, "x", 1);
        fs::write(&events.file, "\n{\"time\": 5, \"na").unwrap();
        many(&events, "y", 1);
        let found = Reader::of(&events).unwrap().more().unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].name.as_str(), "y");
    }
}

//! The outcome of an action on each of many services, for people and programs.

use std::fmt;
use std::io::{self, Write};

use indicatif::ProgressBar;
use serde::Serialize;

use crate::await_state::Goal;
use crate::control::{Started, Stopped};
use crate::error::Error;
use crate::name::Name;
use crate::service::Service;
use crate::{json, show};

/// The outcome for one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Of a start.
    Started(Started),
    /// Of a stop.
    Stopped(Stopped),
    /// It is new in the registry.
    Added,
    /// Its definition is another one now.
    Changed,
    /// Its definition was like that already.
    Unchanged,
    /// It has this name now.
    Renamed(Name),
    /// It is gone from the registry.
    Removed,
    /// Its main process got a signal.
    Signalled,
    /// It was asked to read its configuration again.
    Reloaded,
    /// It is in the state that was waited for.
    Reached(Goal),
}

impl Outcome {
    /// One word for programs.
    fn word(&self) -> &'static str {
        match self {
            Self::Started(Started::Now(_)) => "started",
            Self::Started(Started::Already(_)) => "already-running",
            Self::Started(Started::Scheduled) => "scheduled",
            Self::Started(Started::Adopted(_)) => "adopted",
            Self::Stopped(Stopped::Now { killed: false }) | Self::Reached(Goal::Stopped) => {
                "stopped"
            }
            Self::Stopped(Stopped::Now { killed: true }) => "killed",
            Self::Stopped(Stopped::Already) => "not-running",
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Renamed(_) => "renamed",
            Self::Removed => "removed",
            Self::Signalled => "signalled",
            Self::Reloaded => "reloaded",
            Self::Reached(Goal::Ready) => "ready",
        }
    }

    fn pid(&self) -> Option<i32> {
        match self {
            Self::Started(Started::Now(pid) | Started::Adopted(pid)) => Some(*pid),
            Self::Started(Started::Already(pid)) => *pid,
            _ => None,
        }
    }

    fn new_name(&self) -> Option<&Name> {
        match self {
            Self::Renamed(new) => Some(new),
            _ => None,
        }
    }

    /// Whether it is what everybody expects, which people need not read.
    fn is_silent(&self) -> bool {
        matches!(self, Self::Signalled | Self::Reached(_))
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Started(Started::Now(pid)) => write!(f, "started (pid {pid})"),
            Self::Started(Started::Already(Some(pid))) => {
                write!(f, "already running (pid {pid})")
            }
            // It is between two runs.
            Self::Started(Started::Already(None)) => f.write_str("already scheduled"),
            Self::Started(Started::Scheduled) => f.write_str("scheduled"),
            Self::Started(Started::Adopted(pid)) => write!(f, "adopted (pid {pid})"),
            Self::Stopped(Stopped::Now { killed: false }) => f.write_str("stopped"),
            Self::Stopped(Stopped::Now { killed: true }) => {
                f.write_str("stopped (it had to be killed)")
            }
            Self::Stopped(Stopped::Already) => f.write_str("not running"),
            Self::Renamed(new) => write!(f, "is now {new}"),
            other => f.write_str(other.word()),
        }
    }
}

/// An outcome as JSON.
#[derive(Serialize)]
struct Printed<'a> {
    name: &'a Name,
    outcome: &'static str,
    pid: Option<i32>,
    new_name: Option<&'a Name>,
    error: Option<String>,
}

impl<'a> Printed<'a> {
    fn done(name: &'a Name, outcome: &'a Outcome) -> Self {
        Self {
            name,
            outcome: outcome.word(),
            pid: outcome.pid(),
            new_name: outcome.new_name(),
            error: None,
        }
    }

    fn failed(name: &'a Name, error: &Error) -> Self {
        Self {
            name,
            outcome: "failed",
            pid: None,
            new_name: None,
            error: Some(error.to_string()),
        }
    }
}

/// The outcomes so far.
pub struct Tally {
    /// The progress.
    pub bar: ProgressBar,
    /// The services for which it succeeded.
    pub done: Vec<Name>,
    /// The exit code after failures: their common one, or 1.
    pub failed: Option<u8>,
    json: bool,
    /// Whether the outcome could be printed. If not, that is no reason to stop midway.
    told: Result<(), Error>,
}

impl Tally {
    /// None yet.
    #[must_use]
    pub fn new(bar: ProgressBar, json: bool) -> Self {
        Self {
            bar,
            done: vec![],
            failed: None,
            json,
            told: Ok(()),
        }
    }

    /// Prints the outcome for a service, and counts it.
    pub fn note(&mut self, name: &Name, done: Result<Outcome, Error>) {
        match done {
            Ok(done) => {
                if self.json {
                    self.print(json::line(&Printed::done(name, &done)));
                } else if !done.is_silent() {
                    self.print(Ok(format!("{name}: {done}\n")));
                }
                self.done.push(name.clone());
            }
            Err(error) => self.fail(name, &error),
        }
        self.bar.inc(1);
    }

    /// Prints a failure for services that wait for each other, and counts it.
    pub fn refuse_circle(&mut self, circle: &[Service]) {
        let names: Vec<_> = circle.iter().map(|service| service.name.clone()).collect();
        let error = Error::Circle(names.clone());
        let others = if self.json { names.get(1..) } else { None };
        for name in others.unwrap_or_default() {
            self.print(json::line(&Printed::failed(name, &error)));
        }
        if let Some(name) = names.first() {
            self.fail(name, &error);
        }
    }

    /// Prints a failure, and counts it in the exit code.
    fn fail(&mut self, name: &Name, error: &Error) {
        if self.json {
            self.print(json::line(&Printed::failed(name, error)));
        }
        let tell = || writeln!(io::stderr(), "error: {error}");
        let _ = self.bar.suspend(tell);
        let code = error.exit_code();
        let all = self
            .failed
            .map_or(code, |all| if all == code { all } else { 1 });
        self.failed = Some(all);
    }

    fn print(&mut self, line: Result<String, Error>) {
        let told = line.and_then(|line| self.bar.suspend(|| show::print(line)));
        self.told = std::mem::replace(&mut self.told, Ok(())).and(told);
    }

    /// The exit code.
    ///
    /// # Errors
    /// If an outcome could not be printed.
    pub fn end(self) -> Result<u8, Error> {
        self.bar.finish_and_clear();
        self.told?;
        Ok(self.failed.unwrap_or(0))
    }
}

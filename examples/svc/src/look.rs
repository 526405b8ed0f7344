//! The state of a service, as a command sees it.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::{self, DirEntry};
use std::io::ErrorKind;
use std::path::Path;

use serde::Serialize;

use crate::error::Error;
use crate::health::Failing;
use crate::identity::{Host, Identity, Process};
use crate::limits::Held;
use crate::lock::is_held;
use crate::name::Name;
use crate::paths::Paths;
use crate::service::{Output, Service};
use crate::state::{Exit, Phase, State};
use crate::stray::{Stray, Strays};
use crate::time;

/// The process that handles a service.
#[derive(Debug)]
pub enum Hand {
    /// None, and nothing of the service runs.
    Nobody(Option<State>),
    /// None, but the service runs: its shim was killed.
    Orphan(State, Identity),
    /// None, and the service has ended since, but these processes are left.
    Leftovers(State, Identity),
    /// This shim.
    Shim(State, Process),
    /// Unknown: the state is gone or damaged, but this process runs.
    Lost(Stray),
    /// A command that has just begun, or a shim that has just ended.
    Somebody,
}

impl Hand {
    /// Finds the process.
    ///
    /// # Errors
    /// If the lock or the state can't be read.
    pub fn on(name: &Name, paths: &Paths, host: &Host, strays: &Strays) -> Result<Self, Error> {
        // The lock first, so that a later state belongs to its holder.
        let held = is_held(&paths.lock(name))?;
        let file = paths.state(name);
        let Some(state) = State::read(&file)? else {
            let stray = strays.find(name).map_err(Error::Processes)?;
            return Ok(match (stray, held) {
                // It was started between the two looks, and has a record since.
                (Some(_), _) if State::read(&file)?.is_some() => Self::Somebody,
                (Some(stray), _) => Self::Lost(stray),
                (None, true) => Self::Somebody,
                (None, false) => Self::Nobody(None),
            });
        };
        let shim = state.shim.find(host).map_err(Error::Processes)?;
        Ok(match (held, shim) {
            (true, Some(shim)) => Self::Shim(state, shim),
            (true, None) => Self::Somebody,
            // It was started between the two looks.
            (false, Some(shim)) if !state.phase.is_final() => Self::Shim(state, shim),
            (false, _) => {
                let survivors = state.survivors(&file, host).map_err(Error::Processes)?;
                match survivors.into_iter().next() {
                    Some(first) if state.process.as_ref() == Some(&first) => {
                        Self::Orphan(state, first)
                    }
                    Some(first) => Self::Leftovers(state, first),
                    None => Self::Nobody(Some(state)),
                }
            }
        })
    }
}

/// The running services that are missing in this registry, because it is older than they are.
///
/// # Errors
/// If a lock or a state can't be read.
pub fn hidden(
    all: &[Service],
    paths: &Paths,
    host: &Host,
    strays: &Strays,
) -> Result<Vec<Name>, Error> {
    let mut names = names_in(&paths.states(), ".json")?;
    names.retain(|name| !all.iter().any(|service| service.name == *name));
    let mut hidden = vec![];
    for name in names {
        if is_in_hand(&name, paths, host, strays)? {
            hidden.push(name);
        }
    }
    Ok(hidden)
}

/// Whether a service runs or is starting.
///
/// # Errors
/// If its lock or its state can't be read.
pub fn is_in_hand(name: &Name, paths: &Paths, host: &Host, strays: &Strays) -> Result<bool, Error> {
    let hand = Hand::on(name, paths, host, strays)?;
    Ok(Condition::of(&hand, host).is_in_hand())
}

/// A service that runs or soon will, even if the registry does not have it.
///
/// # Errors
/// If a lock or a state can't be read.
pub fn any_in_hand(paths: &Paths, host: &Host, strays: &Strays) -> Result<Option<Name>, Error> {
    let mut names = names_in(&paths.locks(), "")?;
    names.extend(names_in(&paths.states(), ".json")?);
    let stray = strays.names().map_err(Error::Processes)?;
    names.extend(stray.cloned());
    for name in names {
        if is_in_hand(&name, paths, host, strays)? {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// The services that have a file with that suffix there.
fn names_in(directory: &Path, end: &str) -> Result<BTreeSet<Name>, Error> {
    let name = |entry: DirEntry| {
        let file = entry.file_name().into_string().ok()?;
        file.strip_suffix(end)?.parse().ok()
    };
    match fs::read_dir(directory) {
        Ok(entries) => Ok(entries.flatten().filter_map(name).collect()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok([].into()),
        Err(error) => Err(Error::file(directory, error)),
    }
}

/// The state of a service, for people and programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "state", content = "detail")]
pub enum Condition {
    /// It is being started.
    Starting,
    /// It runs.
    Running,
    /// It runs in another process than its first.
    Forked,
    /// It runs without a shim.
    Unsupervised,
    /// It runs, and its state is gone or damaged.
    Lost,
    /// It is being stopped.
    Stopping,
    /// It ended, and will start again.
    Waiting,
    /// It starts at this time.
    Scheduled(String),
    /// It was stopped, or never started.
    Stopped,
    /// It was stopped, by `SIGKILL` in the end.
    Killed,
    /// It ended by itself, and well.
    Ended,
    /// It ended by itself, in this way.
    Dead(String),
    /// It ended too often, and was given up.
    Parked,
    /// It could not be started: the step that failed.
    Failed(String),
}

impl Condition {
    fn of(hand: &Hand, host: &Host) -> Self {
        match hand {
            Hand::Somebody => Self::Starting,
            // A shim that has not started the service yet, or waits to start it again.
            Hand::Lost(stray) if stray.marked.is_empty() => Self::Starting,
            Hand::Lost(_) => Self::Lost,
            Hand::Nobody(None) => Self::Stopped,
            Hand::Orphan(..) => Self::Unsupervised,
            Hand::Leftovers(_, process) => {
                Self::Dead(format!("its shim is gone, process {} is left", process.pid))
            }
            Hand::Shim(state, _) => Self::in_phase(state),
            Hand::Nobody(Some(state)) if state.phase.is_final() => Self::in_phase(state),
            Hand::Nobody(Some(state)) if state.shim.is_of_previous_boot(host) => {
                Self::Dead("previous boot".into())
            }
            Hand::Nobody(Some(_)) => Self::Dead("its shim is gone".into()),
        }
    }

    fn in_phase(state: &State) -> Self {
        match &state.phase {
            Phase::Starting => Self::Starting,
            Phase::Running => Self::Running,
            Phase::Forked => Self::Forked,
            Phase::Stopping | Phase::Refused(_) => Self::Stopping,
            Phase::Waiting => Self::Waiting,
            Phase::Scheduled(next) => Self::Scheduled(time::text(next.saturating_mul(1000))),
            Phase::Stopped(false) => Self::Stopped,
            Phase::Stopped(true) => Self::Killed,
            Phase::Parked => Self::Parked,
            Phase::Failed(why) => Self::Failed(why.clone()),
            Phase::Ended => match state.last_exit {
                Some(exit) if !exit.is_success() => Self::Dead(exit.to_string()),
                _ => Self::Ended,
            },
        }
    }

    /// Whether there is a process.
    #[must_use]
    pub fn is_running(&self) -> bool {
        matches!(
            self,
            Self::Running | Self::Forked | Self::Unsupervised | Self::Lost | Self::Stopping
        )
    }

    /// Whether there is a process, or there soon will be.
    #[must_use]
    pub fn is_in_hand(&self) -> bool {
        self.is_running() || matches!(self, Self::Starting | Self::Waiting | Self::Scheduled(_))
    }

    /// Whether all is as it was ordered: there is a process, or it is not time for one yet.
    #[must_use]
    pub fn is_up(&self) -> bool {
        self.is_running() || matches!(self, Self::Scheduled(_))
    }

    /// Whether the state needs attention.
    #[must_use]
    pub fn is_trouble(&self) -> bool {
        matches!(
            self,
            Self::Dead(_) | Self::Parked | Self::Failed(_) | Self::Unsupervised | Self::Lost
        )
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Starting => "starting",
            Self::Running => "running",
            Self::Forked => "running (forked)",
            Self::Unsupervised => "running (without its shim)",
            Self::Lost => "running (its state is lost)",
            Self::Stopping => "stopping",
            Self::Waiting => "waiting to start again",
            Self::Stopped => "stopped",
            Self::Killed => "stopped (killed)",
            Self::Ended => "ended",
            Self::Parked => "parked",
            Self::Scheduled(next) => return write!(f, "scheduled ({next})"),
            Self::Dead(how) => return write!(f, "dead ({how})"),
            Self::Failed(why) => return write!(f, "failed ({why})"),
        })
    }
}

/// The output that a logger could not write.
#[derive(Debug, Serialize)]
pub struct Lost {
    /// How much.
    pub bytes: u64,
    /// Why.
    pub why: String,
}

/// A service and its state.
#[derive(Debug, Serialize)]
pub struct Seen {
    /// Its definition in the registry.
    #[serde(flatten)]
    pub service: Service,
    /// Its state.
    #[serde(flatten)]
    pub condition: Condition,
    /// Its process, if there is one.
    pub pid: Option<i32>,
    /// The time of its last change, in seconds of Unix time.
    pub since: Option<u64>,
    /// The number of restarts by itself since it was started.
    pub restarts: u32,
    /// How it last ended.
    pub last_exit: Option<Exit>,
    /// Whether it runs, or comes back, by an older definition.
    pub is_changed: bool,
    /// The command that runs, if it is not that of the definition.
    pub running_command: Option<Vec<String>>,
    /// What holds its limits, while it runs.
    pub limits_held: Held,
    /// The checks of its health that have failed in a row.
    pub failing: Option<Failing>,
    /// Why it was last restarted, if it had not ended by itself.
    pub restarted_because: Option<String>,
    /// The output that its logger could not write.
    pub log_lost: Option<Lost>,
}

impl Seen {
    /// Looks at a service.
    ///
    /// # Errors
    /// If the lock or the state can't be read.
    pub fn of(
        service: Service,
        paths: &Paths,
        host: &Host,
        strays: &Strays,
    ) -> Result<Self, Error> {
        let hand = Hand::on(&service.name, paths, host, strays)?;
        let condition = Condition::of(&hand, host);
        let state = match &hand {
            Hand::Orphan(state, _)
            | Hand::Leftovers(state, _)
            | Hand::Shim(state, _)
            | Hand::Nobody(Some(state)) => Some(state),
            Hand::Lost(_) | Hand::Somebody | Hand::Nobody(None) => None,
        };
        let running = state.filter(|_| condition.is_in_hand());
        let pid = match &hand {
            Hand::Lost(stray) => stray.pid().map(|pid| pid.as_raw_nonzero().get()),
            _ => state.and_then(|state| Some(state.process.as_ref()?.pid)),
        };
        Ok(Self {
            pid: pid.filter(|_| condition.is_running()),
            since: state.map(|state| state.since),
            restarts: state.map_or(0, |state| state.restarts),
            last_exit: state.and_then(|state| state.last_exit),
            is_changed: condition.is_in_hand()
                && state.is_some_and(|state| !state.service.runs_as(&service)),
            limits_held: running.map(|state| state.held.clone()).unwrap_or_default(),
            failing: running.and_then(|state| state.failing.clone()),
            restarted_because: state.and_then(|state| state.restarted_because.clone()),
            log_lost: [&service.stdout, &service.stderr]
                .contains(&&Output::Log)
                .then(|| paths.log(&service.name).lost())
                .flatten()
                .map(|(bytes, why)| Lost { bytes, why }),
            running_command: running
                .map(|state| &state.service.command)
                .filter(|command| **command != service.command)
                .cloned(),
            service,
            condition,
        })
    }
}

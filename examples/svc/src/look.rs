//! Services with their states, as a command sees them.

use std::collections::BTreeSet;
use std::fs::{self, DirEntry};
use std::io::ErrorKind;
use std::path::Path;

use serde::Serialize;

use crate::condition::Condition;
use crate::error::Error;
use crate::exit::Exit;
use crate::hand::Hand;
use crate::health::Failing;
use crate::identity::Host;
use crate::limits::Held;
use crate::name::Name;
use crate::paths::Paths;
use crate::service::{Output, Service};
use crate::stray::Strays;

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
    for service in all {
        names.remove(&service.name);
    }
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
    /// Whether the kernel killed a process of its last run because its memory was used up.
    pub out_of_memory: bool,
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
            out_of_memory: state.is_some_and(|state| state.out_of_memory),
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

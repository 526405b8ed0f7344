//! Ending the processes of a service.

use std::io;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::ending::{self, Ending};
use crate::error::Error;
use crate::identity::{Host, Identity, Process};
use crate::kill_point::KillPoint;
use crate::name::Name;
use crate::service::StopProfile;
use crate::state::State;

/// A service whose shim was told to stop it.
pub(super) struct Told {
    /// The shim.
    pub(super) shim: Identity,
    /// The main process.
    pub(super) process: Option<Identity>,
}

impl Told {
    pub(super) fn of(state: State) -> Self {
        let State { shim, process, .. } = state;
        Self { shim, process }
    }

    /// Whether this is a state of the same run, even if the shim was killed and there is another
    /// one.
    pub(super) fn is_of(&self, state: &State) -> bool {
        let is_same_process = self.process.is_some() && self.process == state.process;
        self.shim == state.shim || is_same_process
    }
}

/// Tells a shim to stop its service, unless nothing is left to stop.
pub(super) fn tell(name: &Name, state: State, shim: &Process) -> Result<Option<Told>, Error> {
    if state.phase.is_final() {
        return Ok(None);
    }
    ask(name, shim)?;
    Ok(Some(Told::of(state)))
}

pub(super) fn ask(name: &Name, shim: &Process) -> Result<(), Error> {
    let signals = [Signal::TERM, Signal::CONT];
    let told = signals.iter().try_for_each(|signal| shim.signal(*signal));
    told.map_err(|error| Error::Signal(name.clone(), error))?;
    KillPoint::StopSent.pass();
    Ok(())
}

/// Ends all of these, as for a service without a shim. Returns whether `SIGKILL` was needed.
pub(super) fn end(
    name: &Name,
    profile: &StopProfile,
    host: &Host,
    main: Option<&Identity>,
    all: impl Fn() -> io::Result<Vec<Identity>> + Copy,
) -> Result<bool, Error> {
    let gone_within = |time| ends_within(all, host, time);
    let ending = ending::end(profile, host, main, all, gone_within);
    match ending.map_err(Error::Processes)? {
        Ending::Never => Err(Error::Stop(name.clone(), "it can't be killed".into())),
        Ending::Refused(process) => Err(Error::Refused(name.clone(), process.pid)),
        ending => Ok(ending == Ending::Killed),
    }
}

/// Waits until all of these have ended, at most for this long.
fn ends_within(
    all: impl Fn() -> io::Result<Vec<Identity>>,
    host: &Host,
    time: Duration,
) -> io::Result<bool> {
    let until = Instant::now() + time;
    loop {
        let Some(first) = all()?.into_iter().next() else {
            return Ok(true);
        };
        let left = until.saturating_duration_since(Instant::now());
        if first
            .find(host)?
            .is_some_and(|first| !first.ends_within(left))
        {
            return Ok(false);
        }
    }
}

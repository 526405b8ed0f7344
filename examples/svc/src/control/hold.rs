//! Taking the lock of a service. The holder alone handles it.

use std::fs::File;
use std::thread;
use std::time::Instant;

use super::end::{Told, end, tell};
use super::{Control, NAP, PATIENCE};
use crate::error::Error;
use crate::hand::Hand;
use crate::lock::try_lock;
use crate::name::Name;
use crate::service::Service;
use crate::state::{Phase, State};
use crate::stray::Stray;
use crate::trust;

/// The outcome of asking for a lock.
pub(super) enum Locked {
    /// This process holds it.
    Ours(File),
    /// This process holds it, and the service runs: its shim was killed.
    Orphan(File, Box<State>),
    /// The service runs, as this process.
    Runs(Option<i32>),
}

/// The effect on the pause of a service that waits to start again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pause {
    /// The pause ends, and so does the shim.
    Ends,
    /// The service counts as one that runs.
    GoesOn,
}

impl Pause {
    fn ends(self, state: &State) -> bool {
        self == Self::Ends && state.phase == Phase::Waiting
    }
}

impl Control<'_> {
    /// Takes the lock of a service that does not run.
    pub(super) fn lock_idle(&self, service: &Service) -> Result<File, Error> {
        match self.lock(service, Pause::GoesOn)? {
            Locked::Ours(lock) => Ok(lock),
            Locked::Orphan(_, state) => {
                let pid = state.process.map_or(0, |process| process.pid);
                Err(Error::Orphan(service.name.clone(), pid))
            }
            Locked::Runs(_) => Err(Error::Runs(service.name.clone())),
        }
    }

    /// Takes the lock of a service, unless it runs and has a shim.
    pub(super) fn lock(&self, service: &Service, pause: Pause) -> Result<Locked, Error> {
        let (name, mut told) = (&service.name, None::<Told>);
        trust::directory(&self.paths.states())?;
        let (begun, mut patience) = (Instant::now(), service.stop.patience());
        loop {
            if let Some(lock) = try_lock(&self.paths.lock(name))? {
                return Ok(match self.orphan(name)? {
                    Some(state) => Locked::Orphan(lock, Box::new(state)),
                    None => Locked::Ours(lock),
                });
            }
            match self.hand(name)? {
                Hand::Shim(state, shim) if pause.ends(&state) && told.is_none() => {
                    told = tell(name, state, &shim)?;
                }
                Hand::Shim(state, _)
                    if state.is_up() && !told.as_ref().is_some_and(|told| told.is_of(&state)) =>
                {
                    return Ok(Locked::Runs(state.process.map(|process| process.pid)));
                }
                Hand::Shim(state, shim) => {
                    if let Phase::Refused(pid) = state.phase {
                        return Err(Error::Refused(name.clone(), pid));
                    }
                    patience = patience.max(state.service.stop.patience());
                    let _ = shim.ends_within(NAP);
                }
                Hand::Lost(stray) if !stray.marked.is_empty() => {
                    return Err(lost(name, &stray));
                }
                _ => thread::sleep(NAP),
            }
            if begun.elapsed() > patience + PATIENCE {
                return Err(self.too_long(name)?);
            }
        }
    }

    /// Looks for a service that runs without its shim, which was killed. The lock alone does not
    /// tell. If only other processes of the service are left, these are ended.
    fn orphan(&self, name: &Name) -> Result<Option<State>, Error> {
        let file = self.paths.state(name);
        let Some(state) = State::read(&file)? else {
            let stray = self.strays.find(name).map_err(Error::Processes)?;
            return stray.map_or(Ok(None), |stray| Err(lost(name, &stray)));
        };
        // It holds a lock file that was moved or removed.
        let shim = state.shim.find(self.host).map_err(Error::Processes)?;
        if shim.is_some() && !state.phase.is_final() {
            return Err(Error::Lost(name.clone(), state.shim.pid));
        }
        let all = || state.survivors(&file, self.host);
        match all().map_err(Error::Processes)?.first() {
            None => Ok(None),
            Some(first) if state.process.as_ref() == Some(first) => Ok(Some(state)),
            Some(_) => end(name, &state.service.stop, self.host, None, all).map(|_| None),
        }
    }

    /// The reason why the wait ends.
    pub(super) fn too_long(&self, name: &Name) -> Result<Error, Error> {
        Ok(match self.hand(name)? {
            Hand::Shim(state, _) if state.phase == Phase::Stopping => {
                Error::Stop(name.clone(), "it can't be killed".into())
            }
            Hand::Lost(stray) => lost(name, &stray),
            _ => Error::Busy(name.clone()),
        })
    }
}

/// The error for a service that runs while its state cannot be read.
pub(super) fn lost(name: &Name, stray: &Stray) -> Error {
    match stray.pid() {
        Some(pid) => Error::Lost(name.clone(), pid.as_raw_nonzero().get()),
        None => Error::Busy(name.clone()),
    }
}

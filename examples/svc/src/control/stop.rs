//! Stopping a service: by its shim, or without one in the same way.

use std::thread;
use std::time::{Duration, Instant};

use super::end::{Told, ask, end, tell};
use super::{Control, NAP, PATIENCE};
use crate::error::Error;
use crate::hand::Hand;
use crate::identity::{Identity, Process};
use crate::lock::try_lock;
use crate::mark::Mark;
use crate::name::Name;
use crate::service::Service;
use crate::state::{Phase, State};
use crate::stray::Stray;
use crate::tree;

/// The interval between two looks for a shim that cannot do its task.
const LOOK: Duration = Duration::from_millis(50);

/// A service that may be about to stop.
pub struct Stopping {
    service: Service,
    /// The shim that was told to.
    told: Option<Told>,
}

/// The outcome of a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// It has stopped, perhaps by `SIGKILL`.
    Now {
        /// Whether `SIGKILL` was needed.
        killed: bool,
    },
    /// It did not run before.
    Already,
}

impl Control<'_> {
    /// Tells the shim of a service to stop it, and does not wait, so that many can stop at once.
    ///
    /// # Errors
    /// If it is not ours to signal.
    pub fn begin_stop(&self, service: &Service) -> Result<Stopping, Error> {
        let told = match self.hand(&service.name)? {
            Hand::Shim(state, shim) => tell(&service.name, state, &shim)?,
            Hand::Lost(Stray {
                shim: Some(shim), ..
            }) => self.tell_stray(&service.name, &shim)?,
            _ => None,
        };
        Ok(Stopping {
            service: service.clone(),
            told,
        })
    }

    /// Waits until a service has stopped, with all that it started.
    ///
    /// # Errors
    /// If it is not ours to signal, or does not end.
    pub fn finish_stop(&self, stopping: Stopping) -> Result<Stopped, Error> {
        let Stopping { service, mut told } = stopping;
        let name = &service.name;
        let (begun, mut patience) = (Instant::now(), service.stop.patience());
        while begun.elapsed() < patience + PATIENCE {
            match self.hand(name)? {
                Hand::Nobody(state) => return self.stopped(name, state, told.is_some()),
                Hand::Orphan(state, _) | Hand::Leftovers(state, _) => {
                    told = self.end_orphan(name, state)?.or(told);
                }
                // Somebody started it again as soon as the old shim had ended.
                Hand::Shim(state, _) if told.as_ref().is_some_and(|told| !told.is_of(&state)) => {
                    return Ok(Stopped::Now { killed: false });
                }
                Hand::Shim(state, shim) => {
                    // It stops by the definition with which it was started.
                    patience = patience.max(state.service.stop.patience());
                    told = tell(name, state, &shim)?.or(told);
                    let left = (patience + PATIENCE).saturating_sub(begun.elapsed());
                    self.ends_or_refuses(name, &shim, patience, left)?;
                }
                Hand::Lost(stray) => match stray.shim {
                    Some(shim) => {
                        told = self.tell_stray(name, &shim)?.or(told);
                        let left = (patience + PATIENCE).saturating_sub(begun.elapsed());
                        let _ = shim.ends_within(left);
                    }
                    None => match self.end_stray(&service)? {
                        Some(killed) => return Ok(Stopped::Now { killed }),
                        None => thread::sleep(NAP),
                    },
                },
                Hand::Somebody => thread::sleep(NAP),
            }
        }
        Err(self.too_long(name)?)
    }

    /// Waits for the end of a shim, at most for this long. It waits shorter if a process is left
    /// that the shim may not signal, which shows after the shim's own patience.
    fn ends_or_refuses(
        &self,
        name: &Name,
        shim: &Process,
        patience: Duration,
        left: Duration,
    ) -> Result<(), Error> {
        let until = Instant::now() + left;
        let mut pause = patience.min(left);
        while !shim.ends_within(pause) && Instant::now() < until {
            let state = State::read(&self.paths.state(name))?;
            if let Some(Phase::Refused(pid)) = state.map(|state| state.phase) {
                return Err(Error::Refused(name.clone(), pid));
            }
            pause = LOOK;
        }
        Ok(())
    }

    /// The outcome of a service that no process handles any more.
    fn stopped(&self, name: &Name, state: Option<State>, told: bool) -> Result<Stopped, Error> {
        let Some(state) = state else {
            // The shim could not write its state.
            return Ok(if told {
                Stopped::Now { killed: false }
            } else {
                Stopped::Already
            });
        };
        match &state.phase {
            Phase::Stopped(killed) if told => Ok(Stopped::Now { killed: *killed }),
            Phase::Stopped(_) => Ok(Stopped::Already),
            phase if told && !phase.is_final() => {
                // The shim has stopped it, but could not write that. We try.
                let _ = self.settle(name, state, Phase::Stopped(false));
                Ok(Stopped::Now { killed: false })
            }
            // It ended by itself at some time. From now on it counts as stopped.
            _ => {
                self.settle(name, state, Phase::Stopped(false))?;
                Ok(Stopped::Already)
            }
        }
    }

    /// Ends the remaining processes of the service, as its shim would have done, unless another command does.
    /// Returns what was stopped.
    fn end_orphan(&self, name: &Name, state: State) -> Result<Option<Told>, Error> {
        let Some(_lock) = try_lock(&self.paths.lock(name))? else {
            return Ok(None);
        };
        let file = self.paths.state(name);
        if State::read(&file)?.as_ref() != Some(&state) {
            return Ok(None);
        }
        let (profile, main) = (state.service.stop, state.process.as_ref());
        let killed = end(name, &profile, self.host, main, || {
            state.survivors(&file, self.host)
        })?;
        self.write(name, state.clone(), Phase::Stopped(killed))?;
        Ok(Some(Told::of(state)))
    }

    /// Tells a shim whose state cannot be read to stop its service.
    fn tell_stray(&self, name: &Name, shim: &Process) -> Result<Option<Told>, Error> {
        let identity = Identity::of(shim.pid, self.host).ok();
        ask(name, shim)?;
        let process = None;
        Ok(identity.map(|shim| Told { shim, process }))
    }

    /// As [`Control::end_orphan`], for an unreadable state. Returns whether `SIGKILL` was needed.
    fn end_stray(&self, service: &Service) -> Result<Option<bool>, Error> {
        let (name, file) = (&service.name, self.paths.state(&service.name));
        let Some(_lock) = try_lock(&self.paths.lock(name))? else {
            return Ok(None);
        };
        if State::read(&file)?.is_some() {
            return Ok(None);
        }
        let mark = Mark::of(&file);
        let all = || tree::left_behind(None, &mark, self.host);
        end(name, &service.stop, self.host, None, all).map(Some)
    }

    /// Writes the current state, unless another command has begun something.
    fn settle(&self, name: &Name, state: State, phase: Phase) -> Result<(), Error> {
        match try_lock(&self.paths.lock(name))? {
            Some(_lock) => self.write(name, state, phase),
            None => Ok(()),
        }
    }

    fn write(&self, name: &Name, mut state: State, phase: Phase) -> Result<(), Error> {
        let file = self.paths.state(name);
        state.process = None;
        state.leave_cgroup();
        state.enter(phase);
        state
            .write(&file)
            .map_err(|error| Error::file(&file, error))
    }
}

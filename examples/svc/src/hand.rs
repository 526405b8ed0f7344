//! The process that handles a service.

use crate::error::Error;
use crate::identity::{Host, Identity, Process};
use crate::lock::is_held;
use crate::name::Name;
use crate::paths::Paths;
use crate::state::State;
use crate::stray::{Stray, Strays};

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

//! Giving a service another shim when its own was killed.

use std::convert::Infallible;
use std::fs::File;
use std::os::fd::AsFd;
use std::time::Duration;

use daemon::{DaemonContext, DaemonError, Detach, Pending};

use super::Shim;
use crate::identity::Host;
use crate::lock::try_lock;
use crate::log::guard::Found;
use crate::paths::Files;
use crate::state::State;
use crate::surroundings::{Kept, Surroundings};

/// The longest wait for another shim's report.
const PATIENCE: Duration = Duration::from_secs(10);

/// The settings of a shim as a daemon.
pub fn background(surroundings: &Surroundings) -> DaemonContext<'static> {
    DaemonContext::new()
        .umask(surroundings.umask)
        .prevent_core(false)
        .detach(Detach::Always)
}

/// Leaves a shim that looks after a service which runs without one, and holds its lock. It reports
/// the number of the main process.
///
/// # Errors
/// If the system refuses.
pub fn adopt(state: State, host: &Host, files: Files, lock: &File) -> Result<Pending, DaemonError> {
    let kept = state.surroundings.as_ref().map(Kept::surroundings);
    let surroundings = kept.unwrap_or_else(Surroundings::ours);
    let context = background(&surroundings).files_preserve(lock.as_fd());
    context.spawn(|reporter| {
        let shim = Shim::adopt(state, host, files)?;
        reporter.ready(&shim.pid().to_string());
        // Nobody waits for our exit code.
        let _ = shim.keep();
        Ok(0)
    })
}

/// The shim of a service. If it was killed and the service runs, another one adopts the service.
#[must_use]
pub fn find(files: &Files, host: &Host) -> Found {
    let Err(found) = replace(files, host);
    found
}

fn replace(files: &Files, host: &Host) -> Result<Infallible, Found> {
    orphan(files, host)?;
    // A command may be about to start, adopt or stop it.
    let lock = try_lock(&files.lock).map_err(failed)?.ok_or(Found::Busy)?;
    let state = orphan(files, host)?;
    let adopting = adopt(state, host, files.clone(), &lock).map_err(failed)?;
    // The shim holds it too.
    drop(lock);
    adopting.wait(PATIENCE).map_err(failed)?;
    Err(orphan(files, host).err().unwrap_or(Found::Busy))
}

/// The state of a service that runs without a shim.
fn orphan(files: &Files, host: &Host) -> Result<State, Found> {
    // Without a state nothing is known of its processes.
    let state = State::read(&files.state).map_err(failed)?;
    let state = state.ok_or(Found::Nobody)?;
    if let Some(shim) = state.shim.find(host).map_err(failed)? {
        return Err(Found::Shim(shim));
    }
    let main = state.process.as_ref().filter(|_| !state.phase.is_final());
    let main = main.map(|main| main.find(host)).transpose();
    match main.map_err(failed)?.flatten() {
        Some(_) => Ok(state),
        None => Err(Found::Nobody),
    }
}

#[allow(clippy::needless_pass_by_value, reason = "`map_err` gives it so")]
fn failed(error: impl ToString) -> Found {
    Found::Failed(error.to_string())
}

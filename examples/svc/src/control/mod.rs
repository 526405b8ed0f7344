//! Starting and stopping from a command: it takes the lock and leaves a shim behind, or finds the shim and
//! tells it to stop.

mod end;
mod hold;
mod start;
mod stop;

use std::fs;
use std::io;
use std::time::Duration;

use rustix::process::Signal;

use crate::error::{Error, reason};
use crate::events::{Event, Kind};
use crate::hand::Hand;
use crate::helper;
use crate::identity::{Host, Process};
use crate::kill_point::KillPoint;
use crate::name::Name;
use crate::paths::Paths;
use crate::registry::Registry;
use crate::reload::Reload;
use crate::service::Service;
use crate::state::{Phase, State};
use crate::stray::Strays;
use crate::surroundings::Surroundings;

pub use start::{Reported, Started, Starting};
pub use stop::{Stopped, Stopping};

/// The wait for another command that handles the same service, beyond the time that the service has to stop,
/// and for a shim to report its start.
const PATIENCE: Duration = Duration::from_secs(10);

/// The sleep between two looks, where nothing can be waited for.
const NAP: Duration = Duration::from_millis(5);

/// Starts and stops the services of one registry.
pub struct Control<'a> {
    /// The paths of all files.
    pub paths: &'a Paths,
    /// This boot of the machine.
    pub host: &'a Host,
    /// Processes of services without a state.
    pub strays: &'a Strays,
    /// The definitions of the services.
    pub registry: &'a Registry,
}

impl Control<'_> {
    /// Makes the logger of a service open its file again. The logger also does so by itself, at the
    /// next line.
    ///
    /// # Errors
    /// If its state can't be read.
    pub fn reopen_log(&self, name: &Name) -> Result<(), Error> {
        let state = State::read(&self.paths.state(name))?;
        let Some(logger) = state.and_then(|state| state.logger) else {
            return Ok(());
        };
        let logger = logger.find(self.host).map_err(Error::Processes)?;
        let told = logger.map(|logger| logger.signal(Signal::USR1));
        told.transpose()
            .map(drop)
            .map_err(|error| Error::Signal(name.clone(), error))
    }

    /// Sends a signal to the process that is the service.
    ///
    /// # Errors
    /// If it does not run, or is not ours to signal.
    pub fn signal(&self, name: &Name, signal: i32) -> Result<(), Error> {
        let process = self.main(name)?;
        let refused = |error| Error::Signal(name.clone(), error);
        let signal = Signal::from_named_raw(signal)
            .ok_or_else(|| refused(io::ErrorKind::InvalidInput.into()))?;
        process.signal(signal).map_err(refused)
    }

    /// Asks a service to read its configuration again.
    ///
    /// # Errors
    /// If it does not run or has no way to do that, or if that fails.
    pub fn reload(&self, service: &Service) -> Result<(), Error> {
        let name = &service.name;
        let failed = |why: String| Error::Reload(name.clone(), why);
        match &service.reload {
            None => return Err(Error::NoReload(name.clone())),
            Some(Reload::Signal(signal)) => self.signal(name, *signal)?,
            Some(Reload::Command(line)) => {
                let pid = self.main(name)?.pid.as_raw_nonzero().to_string();
                let wrong = |error| failed(format!("`{line}`: {}", reason(&error)));
                let mut command = helper::command(service, line).map_err(wrong)?;
                let status = command.env("SVC_PID", pid).status().map_err(wrong)?;
                if !status.success() {
                    return Err(failed(format!("`{line}`: {status}")));
                }
            }
        }
        self.paths
            .events()
            .record(&Event::now(name, Kind::Reloaded));
        Ok(())
    }

    /// The process that is the service.
    fn main(&self, name: &Name) -> Result<Process, Error> {
        let state = State::read(&self.paths.state(name))?;
        let process = state.and_then(|state| state.process);
        let process = process.map(|process| process.find(self.host)).transpose();
        let process = process.map_err(Error::Processes)?.flatten();
        process.ok_or_else(|| Error::Idle(name.clone()))
    }

    /// The definition with which a service was last started.
    ///
    /// # Errors
    /// If its state can't be read.
    pub fn surroundings(&self, name: &Name) -> Result<Option<Surroundings>, Error> {
        let state = State::read(&self.paths.state(name))?;
        Ok(state.and_then(|state| Some(state.surroundings?.surroundings())))
    }

    /// Whether a service ended by itself, and does not come back.
    ///
    /// # Errors
    /// If its state can't be read.
    pub fn has_ended(&self, name: &Name) -> Result<bool, Error> {
        let state = State::read(&self.paths.state(name))?;
        Ok(state.is_some_and(|state| state.phase == Phase::Ended))
    }

    /// Removes a service that does not run from the registry, with its state and its log.
    ///
    /// # Errors
    /// If it runs, or the registry or its state can't be written.
    pub fn remove(&self, service: &Service) -> Result<(), Error> {
        let name = &service.name;
        let _lock = self.lock_idle(service)?;
        self.registry.remove(name)?;
        let removed = Event::now(name, Kind::Removed);
        self.paths.events().record(&removed);
        State::remove(&self.paths.state(name))?;
        let log = self.paths.log(name);
        log.remove()
            .map_err(|error| Error::file(log.current(), error))?;
        let lock = self.paths.lock(name);
        fs::remove_file(&lock).map_err(|error| Error::file(lock, error))
    }

    /// Gives a service that does not run another name, with its state and its log.
    ///
    /// The registry is last. So a rename that was cut off can be done again.
    ///
    /// # Errors
    /// If it runs, there is a service of the new name, or a file can't be renamed.
    pub fn rename(&self, service: &Service, new: &Name) -> Result<(), Error> {
        match self.registry.service(new) {
            Err(Error::Unknown(..)) => {}
            found => return Err(found.map_or_else(|error| error, |_| Error::Exists(new.clone()))),
        }
        let name = &service.name;
        let renamed = Service {
            name: new.clone(),
            ..service.clone()
        };
        let _old_lock = self.lock_idle(service)?;
        let _new_lock = self.lock_idle(&renamed)?;
        let log = self.paths.log(name);
        log.rename(&self.paths.log(new))
            .map_err(|error| Error::file(log.current(), error))?;
        KillPoint::LogRenamed.pass();
        let (old_state, new_state) = (self.paths.state(name), self.paths.state(new));
        if let Some(mut state) = State::read(&old_state)? {
            state.service.name = new.clone();
            let written = state.write(&new_state);
            written.map_err(|error| Error::file(new_state, error))?;
            State::remove(&old_state)?;
        }
        self.registry.rename(name, new)?;
        let event = Event::now(name, Kind::Renamed).detail(format!("now {new}"));
        self.paths.events().record(&event);
        let lock = self.paths.lock(name);
        fs::remove_file(&lock).map_err(|error| Error::file(lock, error))
    }

    fn hand(&self, name: &Name) -> Result<Hand, Error> {
        Hand::on(name, self.paths, self.host, self.strays)
    }
}

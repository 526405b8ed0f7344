//! Starting a service: the command takes its lock and leaves a shim behind, which holds the lock from then on.

use std::fs::File;
use std::os::fd::AsFd;
use std::thread;

use super::hold::{Locked, Pause};
use super::{Control, NAP, PATIENCE};
use crate::error::Error;
use crate::events::{Event, Kind};
use crate::exit::Exit;
use crate::file_watch::Watch;
use crate::health::Health;
use crate::kill_point::KillPoint;
use crate::name::Name;
use crate::ready::{Probe, Ready};
use crate::service::{Restart, Service};
use crate::shim::{Shim, adopt, background};
use crate::spawn::Ground;
use crate::state::{Phase, State};
use crate::surroundings::Surroundings;
use daemon::{DaemonError, Pending};

/// The outcome of a start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Started {
    /// It runs, as this process.
    Now(i32),
    /// It ran before.
    Already(Option<i32>),
    /// It starts by its schedule.
    Scheduled,
    /// It ran before, as this process and without a shim, and has one again.
    Adopted(i32),
}

/// A service that may be starting.
pub enum Starting {
    /// It runs already.
    Already(Option<i32>),
    /// Its shim will report.
    Shim(Box<Probe>, Pending),
    /// It runs, and the shim that adopts it will report.
    Adopting(Name, Pending),
}

impl Control<'_> {
    /// Begins to start services, which finish later. Waits for those that are about to stop. A service that
    /// waits to start again starts now, by its current definition.
    ///
    /// # Errors
    /// If the registry cannot be read. For a service, if another command handles it for too long,
    /// or it is gone from the registry.
    pub fn begin_start(
        &self,
        services: &[Service],
        surroundings: impl Fn(&Name) -> Result<Surroundings, Error>,
    ) -> Result<Vec<Result<Starting, Error>>, Error> {
        let lock = |service| self.lock(service, Pause::Ends);
        let locks: Vec<_> = services.iter().map(lock).collect();
        KillPoint::StartLocked.pass();
        // They may have changed before we had the locks. All are read at once, not before each
        // start, so that the shims, which are our forks, share most of their memory. The memory of
        // the read is freed first, or each shim would copy a part of it.
        let current = self.registry.services()?;
        daemon::process::trim_memory();
        let _gaps = daemon::process::fill_memory_gaps();
        let begin = |(service, lock): (&Service, Result<Locked, Error>)| match lock? {
            Locked::Runs(pid) => Ok(Starting::Already(pid)),
            Locked::Orphan(lock, state) => self.adopt(*state, &lock),
            Locked::Ours(lock) => match current.iter().find(|row| row.name == service.name) {
                Some(service) => self.launch(service, &surroundings(&service.name)?, &lock),
                None => Err(Error::Unknown(service.name.clone(), vec![])),
            },
        };
        Ok(services.iter().zip(locks).map(begin).collect())
    }

    /// Leaves a shim that starts the service and holds its lock.
    fn launch(
        &self,
        service: &Service,
        surroundings: &Surroundings,
        lock: &File,
    ) -> Result<Starting, Error> {
        let files = self.paths.files(&service.name);
        let probe = Probe::new(service.clone(), files.log.clone());
        let probe = probe.map_err(|error| Error::file(files.log.current(), error))?;
        let context = background(surroundings).files_preserve(lock.as_fd());
        let pending = context.spawn(|reporter| {
            let mut shim = Shim::new(
                service.clone(),
                surroundings.clone(),
                self.host,
                files,
                Ground::Back,
            )?;
            let pid = shim.start()?;
            let pid = pid.map_or_else(String::new, |pid| pid.to_string());
            reporter.ready(&pid);
            // Nobody waits for our exit code.
            let _ = shim.keep();
            Ok(0)
        });
        KillPoint::StartForked.pass();
        match pending {
            Ok(pending) => Ok(Starting::Shim(Box::new(probe), pending)),
            Err(error) => Err(Error::Start(service.name.clone(), error)),
        }
    }

    /// Leaves a shim that looks after a service which runs without one.
    fn adopt(&self, state: State, lock: &File) -> Result<Starting, Error> {
        let name = state.service.name.clone();
        match adopt(state, self.host, self.paths.files(&name), lock) {
            Ok(pending) => Ok(Starting::Adopting(name, pending)),
            Err(error) => Err(Error::Start(name, error)),
        }
    }

    /// Waits until the service runs, and is ready.
    ///
    /// # Errors
    /// The failed step, as the shim reports it, an early end, or the missing condition for
    /// readiness.
    pub fn finish_start(&self, starting: Starting) -> Result<Started, Error> {
        let (probe, pending) = match starting {
            Starting::Already(pid) => return Ok(Started::Already(pid)),
            Starting::Adopting(name, pending) => {
                let pid = pending.wait(PATIENCE);
                let pid = pid.map_err(|error| Error::Start(name, error))?;
                return Ok(Started::Adopted(pid.parse().unwrap_or_default()));
            }
            Starting::Shim(probe, pending) => (probe, pending),
        };
        let name = probe.service().name.clone();
        let pid = pending
            .wait(PATIENCE)
            .map_err(|error| Error::Start(name, error))?;
        if pid.is_empty() {
            return Ok(Started::Scheduled);
        }
        self.until_ready(*probe)?;
        Ok(Started::Now(pid.parse().unwrap_or_default()))
    }

    /// Waits until a service that runs is ready.
    fn until_ready(&self, mut probe: Probe) -> Result<(), Error> {
        let service = probe.service().clone();
        let unready = |why| Err(Error::Unready(service.name.clone(), why));
        let patience = service.ready_timeout.max(service.least_run());
        loop {
            let Some(state) = State::read(&self.paths.state(&service.name))? else {
                return unready("its state is gone".to_owned());
            };
            let Some(missing) = probe.missing(state.ready) else {
                // Of the others its shim knows.
                if !matches!(service.ready, None | Some(Ready::Notify)) {
                    let ready = Event::now(&service.name, Kind::Ready);
                    self.paths.events().record(&ready);
                }
                return Ok(());
            };
            let ran = probe.begun().elapsed();
            if let Some(exit) = state.last_exit {
                return unready(format!(
                    "it ended after {:.1} s ({exit})",
                    ran.as_secs_f64()
                ));
            }
            if !matches!(
                state.phase,
                Phase::Starting | Phase::Running | Phase::Forked
            ) {
                return unready("it was stopped".to_owned());
            }
            if ran > patience {
                let seconds = patience.as_secs_f64();
                return unready(format!("it is not ready after {seconds} s: {missing}"));
            }
            thread::sleep(NAP);
        }
    }

    /// Runs a service once in the foreground, on our terminal. Returns its exit code.
    ///
    /// # Errors
    /// If it runs already, or can't be started.
    pub fn run(&self, service: &Service) -> Result<u8, Error> {
        let failed = |failure| Error::Start(service.name.clone(), DaemonError::from(failure));
        let _lock = self.lock_idle(service)?;
        let once = Service {
            restart: Restart::No,
            schedule: None,
            health: Health::default(),
            watch: Watch::default(),
            ..self.registry.service(&service.name)?
        };
        let files = self.paths.files(&service.name);
        let shim = Shim::new(once, Surroundings::ours(), self.host, files, Ground::Fore);
        let mut shim = shim.map_err(failed)?;
        shim.start().map_err(failed)?;
        Ok(shim.keep().map_or(0, Exit::code))
    }
}

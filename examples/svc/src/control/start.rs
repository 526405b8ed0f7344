//! Starting a service: the command takes its lock and leaves a shim behind, which holds the lock from then on.

use std::collections::BTreeMap;
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
use crate::paths::Files;
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
    Shim(Box<Launch>, Pending),
    /// It runs, and the shim that adopts it will report.
    Adopting(Name, Pending),
}

/// A service whose shim has reported.
pub enum Reported {
    /// There is nothing more to wait for.
    Started(Started),
    /// It runs as this process, and may not be ready yet.
    Runs(Box<Probe>, i32),
}

/// Everything that a shim needs to start a service.
pub struct Launch {
    probe: Probe,
    surroundings: Surroundings,
    files: Files,
}

/// A service whose lock we asked for.
enum Prepared {
    Runs(Option<i32>),
    Orphan(File, Box<State>),
    Launch(File, Box<Launch>),
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
        // They may have changed before we had the locks.
        let named = |service: Service| (service.name.clone(), service);
        let current = self.registry.services()?;
        let mut current: BTreeMap<_, _> = current.into_iter().map(named).collect();
        let prepare = |(service, lock): (&Service, Result<Locked, Error>)| match lock? {
            Locked::Runs(pid) => Ok(Prepared::Runs(pid)),
            Locked::Orphan(lock, state) => Ok(Prepared::Orphan(lock, state)),
            Locked::Ours(lock) => match current.remove(&service.name) {
                Some(service) => {
                    let surroundings = surroundings(&service.name)?;
                    let launch = self.prepare(service, surroundings)?;
                    Ok(Prepared::Launch(lock, Box::new(launch)))
                }
                None => Err(Error::Unknown(service.name.clone(), vec![])),
            },
        };
        let prepared: Vec<_> = services.iter().zip(locks).map(prepare).collect();
        drop(current);
        // The shims are our forks. They share the memory that neither they nor we write to. So
        // everything is prepared before the first of them, and kept until the last one is there.
        let _gaps = daemon::process::fill_memory_gaps();
        let begin = |prepared: Result<Prepared, Error>| match prepared? {
            Prepared::Runs(pid) => Ok(Starting::Already(pid)),
            Prepared::Orphan(lock, state) => self.adopt(*state, &lock),
            Prepared::Launch(lock, launch) => self.launch(launch, &lock),
        };
        Ok(prepared.into_iter().map(begin).collect())
    }

    /// Collects what the shim of a service needs.
    fn prepare(&self, service: Service, surroundings: Surroundings) -> Result<Launch, Error> {
        let files = self.paths.files(&service.name);
        let probe = Probe::new(service, files.log.clone());
        Ok(Launch {
            probe: probe.map_err(|error| Error::file(files.log.current(), error))?,
            surroundings,
            files,
        })
    }

    /// Leaves a shim that starts the service and holds its lock.
    fn launch(&self, launch: Box<Launch>, lock: &File) -> Result<Starting, Error> {
        let context = background(&launch.surroundings).files_preserve(lock.as_fd());
        let pending = context.spawn(|reporter| {
            let mut shim = Shim::new(
                launch.probe.service().clone(),
                &launch.surroundings,
                self.host,
                launch.files.clone(),
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
            Ok(pending) => Ok(Starting::Shim(launch, pending)),
            Err(error) => Err(Error::Start(launch.probe.service().name.clone(), error)),
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

    /// Waits until its shim reports that the service runs.
    ///
    /// # Errors
    /// The failed step, as the shim reports it.
    pub fn await_report(&self, starting: Starting) -> Result<Reported, Error> {
        let (launch, pending) = match starting {
            Starting::Already(pid) => return Ok(Reported::Started(Started::Already(pid))),
            Starting::Adopting(name, pending) => {
                let pid = pending.wait(PATIENCE);
                let pid = pid.map_err(|error| Error::Start(name, error))?;
                let adopted = Started::Adopted(pid.parse().unwrap_or_default());
                return Ok(Reported::Started(adopted));
            }
            Starting::Shim(launch, pending) => (launch, pending),
        };
        let mut probe = launch.probe;
        let pid = pending
            .wait(PATIENCE)
            .map_err(|error| Error::Start(probe.service().name.clone(), error))?;
        if pid.is_empty() {
            return Ok(Reported::Started(Started::Scheduled));
        }
        probe.begin();
        Ok(Reported::Runs(
            Box::new(probe),
            pid.parse().unwrap_or_default(),
        ))
    }

    /// Waits until the service is ready.
    ///
    /// # Errors
    /// An early end, or the missing condition for readiness.
    pub fn finish_start(&self, reported: Reported) -> Result<Started, Error> {
        match reported {
            Reported::Started(started) => Ok(started),
            Reported::Runs(probe, pid) => {
                self.until_ready(*probe)?;
                Ok(Started::Now(pid))
            }
        }
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
        let shim = Shim::new(once, &Surroundings::ours(), self.host, files, Ground::Fore);
        let mut shim = shim.map_err(failed)?;
        shim.start().map_err(failed)?;
        Ok(shim.keep().map_or(0, Exit::code))
    }
}

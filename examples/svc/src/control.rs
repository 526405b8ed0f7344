//! Starting and stopping from a command: it takes the lock and leaves a shim behind, or finds the shim and
//! tells it to stop.

use std::fs::{self, File};
use std::io;
use std::os::fd::AsFd;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::ending::{self, Ending};
use crate::error::Error;
use crate::identity::{Host, Identity, Process};
use crate::kill_point::KillPoint;
use crate::lock::try_lock;
use crate::look::Hand;
use crate::name::Name;
use crate::paths::Paths;
use crate::ready::Probe;
use crate::registry::Registry;
use crate::service::{Restart, Service, StopProfile};
use crate::shim::Shim;
use crate::spawn::Ground;
use crate::state::{Exit, Phase, State};
use crate::stray::{Stray, Strays};
use crate::surroundings::Surroundings;
use crate::tree::{self, Mark};
use crate::trust;
use daemon::{DaemonContext, DaemonError, Detach, Pending};

/// The wait for another command that handles the same service, beyond the time that the service has to stop,
/// and for a shim to report its start.
const PATIENCE: Duration = Duration::from_secs(10);

/// The sleep between two looks, where nothing can be waited for.
const NAP: Duration = Duration::from_millis(5);

/// The interval between two looks for a shim that cannot do its task.
const LOOK: Duration = Duration::from_millis(50);

/// Starts and stops the services of one registry.
pub struct Control<'a> {
    /// The paths of all files.
    pub paths: &'a Paths,
    /// This boot of the machine.
    pub host: &'a Host,
    /// Processes of services without a state.
    pub strays: &'a Strays,
    /// What they are.
    pub registry: &'a Registry,
}

/// The outcome of a start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Started {
    /// It runs, as this process.
    Now(i32),
    /// It ran before.
    Already(Option<i32>),
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

/// The outcome of asking for a lock.
enum Locked {
    /// This process holds it.
    Ours(File),
    /// This process holds it, and the service runs: its shim was killed.
    Orphan(File, Box<State>),
    /// The service runs, as this process.
    Runs(Option<i32>),
}

/// The effect on the pause of a service that waits to start again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pause {
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

/// A service that may be about to stop.
pub struct Stopping {
    service: Service,
    /// The shim that was told to.
    told: Option<Identity>,
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
    /// Begins to start services, which finish later. Waits for those that are about to stop. A service that
    /// waits to start again starts now, by its current definition.
    ///
    /// # Errors
    /// If the registry can't be read; and for a service, if another command has it in hand for too
    /// long, or it is not in the registry any more.
    pub fn begin_start(
        &self,
        services: &[Service],
        surroundings: impl Fn(&Name) -> Result<Surroundings, Error>,
    ) -> Result<Vec<Result<Starting, Error>>, Error> {
        let lock = |service| self.lock(service, Pause::Ends);
        let locks: Vec<_> = services.iter().map(lock).collect();
        KillPoint::StartLocked.pass();
        // They may have been changed or removed until we had the locks. Read at once, and not before
        // each start: so the shims, which are forks of us, have most of their memory in common. What
        // was needed to read them is given back before, or each would have a copy of some of it.
        let current = self.registry.services()?;
        daemon::process::trim_memory();
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

    /// Leaves a shim behind that starts the service, and has its lock.
    fn launch(
        &self,
        service: &Service,
        surroundings: &Surroundings,
        lock: &File,
    ) -> Result<Starting, Error> {
        let (file, log) = (
            self.paths.state(&service.name),
            self.paths.log(&service.name),
        );
        let probe = Probe::new(service.clone(), log.clone());
        let probe = probe.map_err(|error| Error::file(log.current(), error))?;
        let context = background(surroundings).files_preserve(lock.as_fd());
        let pending = context.spawn(|reporter| {
            let mut shim = Shim::new(
                service.clone(),
                surroundings.clone(),
                self.host,
                file,
                log,
                Ground::Back,
            )?;
            let pid = shim.start()?;
            reporter.ready(&pid.to_string());
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

    /// Leaves a shim behind that looks after a service which runs without one, and has its lock.
    fn adopt(&self, state: State, lock: &File) -> Result<Starting, Error> {
        let name = state.service.name.clone();
        let (file, log) = (self.paths.state(&name), self.paths.log(&name));
        let surroundings = state
            .surroundings
            .clone()
            .unwrap_or_else(Surroundings::ours);
        let context = background(&surroundings).files_preserve(lock.as_fd());
        let pending = context.spawn(|reporter| {
            let shim = Shim::adopt(state, self.host, file, log)?;
            reporter.ready(&shim.pid().to_string());
            let _ = shim.keep();
            Ok(0)
        });
        match pending {
            Ok(pending) => Ok(Starting::Adopting(name, pending)),
            Err(error) => Err(Error::Start(name, error)),
        }
    }

    /// Waits until the service runs, and is ready.
    ///
    /// # Errors
    /// The failed step, as the shim reports it; that the service ended at once; or what is missing until it is ready.
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
            ..self.registry.service(&service.name)?
        };
        let (file, log) = (
            self.paths.state(&service.name),
            self.paths.log(&service.name),
        );
        let mut shim = Shim::new(
            once,
            Surroundings::ours(),
            self.host,
            file,
            log,
            Ground::Fore,
        )
        .map_err(failed)?;
        shim.start().map_err(failed)?;
        Ok(shim.keep().map_or(0, Exit::code))
    }

    /// Takes the lock of a service that does not run.
    fn lock_idle(&self, service: &Service) -> Result<File, Error> {
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
    fn lock(&self, service: &Service, pause: Pause) -> Result<Locked, Error> {
        let (name, mut told) = (&service.name, None);
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
                Hand::Shim(state, _) if state.is_up() && told.as_ref() != Some(&state.shim) => {
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

    /// A lock alone is not enough: a service whose shim was killed may run without one, and in this state. If only
    /// something is left that it has started, that ends.
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
    fn too_long(&self, name: &Name) -> Result<Error, Error> {
        Ok(match self.hand(name)? {
            Hand::Shim(state, _) if state.phase == Phase::Stopping => {
                Error::Stop(name.clone(), "it can't be killed".into())
            }
            Hand::Lost(stray) => lost(name, &stray),
            _ => Error::Busy(name.clone()),
        })
    }

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
                Hand::Shim(state, _) if told.as_ref().is_some_and(|told| *told != state.shim) => {
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

    /// Waits for the end of a shim, at most so long; and not as long where somebody is left whom it
    /// may not signal. That shows when its patience is over.
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
    /// Returns the shim that it replaced.
    fn end_orphan(&self, name: &Name, state: State) -> Result<Option<Identity>, Error> {
        let Some(_lock) = try_lock(&self.paths.lock(name))? else {
            return Ok(None);
        };
        let file = self.paths.state(name);
        if State::read(&file)?.as_ref() != Some(&state) {
            return Ok(None);
        }
        let shim = state.shim.clone();
        let (profile, main) = (state.service.stop, state.process.as_ref());
        let killed = end(name, &profile, self.host, main, || {
            state.survivors(&file, self.host)
        })?;
        self.write(name, state, Phase::Stopped(killed))?;
        Ok(Some(shim))
    }

    /// Tells a shim whose state cannot be read to stop its service. Returns the shim.
    fn tell_stray(&self, name: &Name, shim: &Process) -> Result<Option<Identity>, Error> {
        let identity = Identity::of(shim.pid, self.host).ok();
        ask(name, shim)?;
        Ok(identity)
    }

    /// The same as [`Control::end_orphan`], where the state can't be read; gives whether it took
    /// `SIGKILL`.
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
        state.enter(phase);
        state
            .write(&file)
            .map_err(|error| Error::file(&file, error))
    }

    /// Has the logger of a service open its file again. It does so by itself too, at the next line.
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
        let state = State::read(&self.paths.state(name))?;
        let process = state.and_then(|state| state.process);
        let process = process.map(|process| process.find(self.host)).transpose();
        let Some(process) = process.map_err(Error::Processes)?.flatten() else {
            return Err(Error::Idle(name.clone()));
        };
        let refused = |error| Error::Signal(name.clone(), error);
        let signal = Signal::from_named_raw(signal)
            .ok_or_else(|| refused(io::ErrorKind::InvalidInput.into()))?;
        process.signal(signal).map_err(refused)
    }

    /// The definition with which a service was last started.
    ///
    /// # Errors
    /// If its state can't be read.
    pub fn surroundings(&self, name: &Name) -> Result<Option<Surroundings>, Error> {
        let state = State::read(&self.paths.state(name))?;
        Ok(state.and_then(|state| state.surroundings))
    }

    /// Whether a service ended by itself, and does not come back.
    ///
    /// # Errors
    /// If its state can't be read.
    pub fn has_ended(&self, name: &Name) -> Result<bool, Error> {
        let state = State::read(&self.paths.state(name))?;
        Ok(state.is_some_and(|state| state.phase == Phase::Ended))
    }

    /// Removes a service that does not run from the registry, and what is known of its runs.
    ///
    /// # Errors
    /// If it runs, or the registry or its state can't be written.
    pub fn remove(&self, service: &Service) -> Result<(), Error> {
        let name = &service.name;
        let _lock = self.lock_idle(service)?;
        self.registry.remove(name)?;
        State::remove(&self.paths.state(name))?;
        let log = self.paths.log(name);
        log.remove()
            .map_err(|error| Error::file(log.current(), error))?;
        let lock = self.paths.lock(name);
        fs::remove_file(&lock).map_err(|error| Error::file(lock, error))
    }

    fn hand(&self, name: &Name) -> Result<Hand, Error> {
        Hand::on(name, self.paths, self.host, self.strays)
    }
}

/// How a shim becomes a process of its own.
fn background(surroundings: &Surroundings) -> DaemonContext<'static> {
    DaemonContext::new()
        .umask(surroundings.umask)
        .prevent_core(false)
        .detach(Detach::Always)
}

/// The error for a service that runs while its state cannot be read.
fn lost(name: &Name, stray: &Stray) -> Error {
    match stray.pid() {
        Some(pid) => Error::Lost(name.clone(), pid.as_raw_nonzero().get()),
        None => Error::Busy(name.clone()),
    }
}

/// Tells a shim to stop its service, unless nothing is left to stop. Returns the shim.
fn tell(name: &Name, state: State, shim: &Process) -> Result<Option<Identity>, Error> {
    if state.phase.is_final() {
        return Ok(None);
    }
    ask(name, shim)?;
    Ok(Some(state.shim))
}

fn ask(name: &Name, shim: &Process) -> Result<(), Error> {
    let signals = [Signal::TERM, Signal::CONT];
    let told = signals.iter().try_for_each(|signal| shim.signal(*signal));
    told.map_err(|error| Error::Signal(name.clone(), error))?;
    KillPoint::StopSent.pass();
    Ok(())
}

/// Ends all of these in the way of a service without a shim; gives whether it took `SIGKILL`.
fn end(
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

/// Waits until all of these have ended, at most so long.
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

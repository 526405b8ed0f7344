//! One action on many services: in their order, many at once, with the outcome of each printed.

use std::fmt;
use std::io::{self, Write};

use indicatif::ProgressBar;
use rustix::process::{Resource, getrlimit};

use crate::control::{Control, Started, Starting, Stopped};
use crate::error::Error;
use crate::name::Name;
use crate::order::Order;
use crate::registry::Registry;
use crate::service::Service;
use crate::show::{self, Screen};
use crate::surroundings::Surroundings;

/// The largest number of simultaneous starts. Shims that are forked in a row share more of their memory.
const AT_ONCE: usize = 256;

/// The descriptors of one start, and those kept for everything else: the registry, and the files of
/// a shim and its service.
const FOR_EACH: u64 = 3;
const FOR_ALL: u64 = 32;

/// Services, and everything that is needed to handle them.
pub struct Fleet<'a> {
    /// The services.
    pub services: Vec<Service>,
    /// Starts and stops them.
    pub control: Control<'a>,
    /// Records which services are wanted.
    pub registry: &'a Registry,
    /// The terminal of the user.
    pub screen: Screen,
    /// Whether they start with the surroundings of their last start, and not with ours.
    pub as_before: bool,
}

impl Fleet<'_> {
    /// Leaves out the services that do not start after a reboot, because they were stopped or had ended for good.
    ///
    /// # Errors
    /// If a state can't be read.
    pub fn keep_wanted(&mut self) -> Result<(), Error> {
        let ended = self.ended()?;
        self.services
            .retain(|service| service.wanted && !ended.contains(&service.name));
        self.as_before = true;
        Ok(())
    }

    /// The services that ended by themselves and do not come back.
    fn ended(&self) -> Result<Vec<Name>, Error> {
        let names = self.services.iter().map(|service| &service.name);
        let ended = names.filter_map(|name| match self.control.has_ended(name) {
            Ok(ended) => ended.then(|| Ok(name.clone())),
            Err(error) => Some(Err(error)),
        });
        ended.collect()
    }

    /// Starts all, in their order.
    ///
    /// # Errors
    /// If the registry cannot be written. A failure of one service is printed, and counts in the
    /// exit code. So does a cycle, and the services outside of it start.
    pub fn start(&self) -> Result<u8, Error> {
        let mut tally = self.tally();
        let at_once = at_once();
        let order = Order::of(self.services.clone());
        for circle in order.circles {
            tally.refuse_circle(&circle);
        }
        for step in order.steps {
            for some in step.chunks(at_once) {
                let begun = self.begin(some)?;
                for (service, starting) in some.iter().zip(begun) {
                    let started = starting.and_then(|starting| self.control.finish_start(starting));
                    tally.note(&service.name, started);
                }
            }
        }
        self.registry.want(&tally.done, true)?;
        tally.end()
    }

    /// Begins to start some services, each with its surroundings.
    fn begin(&self, services: &[Service]) -> Result<Vec<Result<Starting, Error>>, Error> {
        let ours = Surroundings::ours();
        self.control.begin_start(services, |name| {
            let kept = self.as_before.then(|| self.control.surroundings(name));
            Ok(kept.transpose()?.flatten().unwrap_or_else(|| ours.clone()))
        })
    }

    /// Stops all, in reverse order. `wanted` is whether they still start after a reboot.
    ///
    /// # Errors
    /// If the registry can't be written.
    pub fn stop(&self, wanted: bool) -> Result<u8, Error> {
        // Before they stop, so that a start which waits for this stop has the last word. A registry
        // that cannot be written prevents no stop.
        let unwanted = if wanted {
            // They count as stopped from now on, so their own end would not be visible afterwards.
            self.ended()
        } else {
            let names = self.services.iter().map(|service| service.name.clone());
            Ok(names.collect())
        };
        let noted = unwanted.and_then(|names| self.registry.want(&names, false));
        let tally = self.stop_all();
        noted?;
        tally.end()
    }

    /// Stops all, and leaves their record of being wanted.
    ///
    /// # Errors
    /// If the outcome cannot be printed. After the stop, if the record could not be written.
    pub fn stop_unnoted(&self) -> Result<u8, Error> {
        let stopped = self.stop_all().end()?;
        show::note("the registry is locked, so they come back with the machine");
        Ok(stopped.max(1))
    }

    /// Stops all, and then starts those that have stopped.
    ///
    /// # Errors
    /// As [`Fleet::start`].
    pub fn restart(mut self) -> Result<u8, Error> {
        let order = Order::of(self.services);
        self.services = order.steps.concat();
        let mut tally = self.stop_all();
        // A service that cannot start again is not stopped.
        for circle in order.circles {
            tally.refuse_circle(&circle);
        }
        self.services
            .retain(|service| tally.done.contains(&service.name));
        let (failed, started) = (tally.failed.is_some(), self.start()?);
        let stopped = tally.end()?;
        Ok(if failed { stopped } else { started })
    }

    /// Removes all that do not run. With `stop`, running ones too.
    ///
    /// # Errors
    /// As [`Fleet::stop`].
    pub fn remove(mut self, stop: bool) -> Result<u8, Error> {
        let mut tally = self.tally();
        if stop {
            tally = self.stop_all();
            tally.bar.reset();
            self.services
                .retain(|service| tally.done.contains(&service.name));
        }
        for service in &self.services {
            let removed = self.control.remove(service);
            tally.note(&service.name, removed.map(|()| "removed"));
        }
        tally.end()
    }

    fn stop_all(&self) -> Tally {
        let mut tally = self.tally();
        // A cycle does not keep a service from stopping either.
        let Order { mut steps, circles } = Order::of(self.services.clone());
        steps.extend(circles);
        for step in steps.into_iter().rev() {
            let begun: Vec<_> = step
                .iter()
                .map(|service| self.control.begin_stop(service))
                .collect();
            for (service, stopping) in step.iter().zip(begun) {
                let stopped = stopping.and_then(|stopping| self.control.finish_stop(stopping));
                tally.note(&service.name, stopped);
            }
        }
        tally
    }

    fn tally(&self) -> Tally {
        Tally {
            bar: self.screen.progress(self.services.len()),
            done: vec![],
            failed: None,
            told: Ok(()),
        }
    }
}

/// How many starts may run at once with the descriptors that we may have.
fn at_once() -> usize {
    let limit = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let starts = limit.saturating_sub(FOR_ALL) / FOR_EACH;
    usize::try_from(starts).map_or(AT_ONCE, |starts| starts.clamp(1, AT_ONCE))
}

/// The outcomes so far.
struct Tally {
    bar: ProgressBar,
    done: Vec<Name>,
    /// The exit code after failures: their common one, or 1.
    failed: Option<u8>,
    /// Whether the outcome could be printed. If not, that is no reason to stop midway.
    told: Result<(), Error>,
}

impl Tally {
    fn note(&mut self, name: &Name, done: Result<impl fmt::Display, Error>) {
        match done {
            Ok(done) => {
                let told = || show::print(format!("{name}: {done}\n"));
                let told = self.bar.suspend(told);
                self.told = std::mem::replace(&mut self.told, Ok(())).and(told);
                self.done.push(name.clone());
            }
            Err(error) => self.fail(&error),
        }
        self.bar.inc(1);
    }

    fn refuse_circle(&mut self, circle: &[Service]) {
        let names = circle.iter().map(|service| service.name.clone());
        self.fail(&Error::Circle(names.collect()));
    }

    /// Prints a failure, and counts it in the exit code.
    fn fail(&mut self, error: &Error) {
        let tell = || writeln!(io::stderr(), "error: {error}");
        let _ = self.bar.suspend(tell);
        let code = error.exit_code();
        let all = self
            .failed
            .map_or(code, |all| if all == code { all } else { 1 });
        self.failed = Some(all);
    }

    fn end(self) -> Result<u8, Error> {
        self.bar.finish_and_clear();
        self.told?;
        Ok(self.failed.unwrap_or(0))
    }
}

impl fmt::Display for Started {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Now(pid) => write!(f, "started (pid {pid})"),
            Self::Already(Some(pid)) => write!(f, "already running (pid {pid})"),
            Self::Already(None) => f.write_str("already running"),
            Self::Adopted(pid) => write!(f, "adopted (pid {pid})"),
        }
    }
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Now { killed: false } => "stopped",
            Self::Now { killed: true } => "stopped (it had to be killed)",
            Self::Already => "not running",
        })
    }
}

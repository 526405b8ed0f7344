//! One action on many services: in their order, many at once, with the outcome of each printed.

use rustix::process::{Resource, getrlimit};

use crate::control::{Control, Reported, Starting};
use crate::error::Error;
use crate::name::Name;
use crate::order::Order;
use crate::outcome::{Outcome, Tally};
use crate::ready::Ready;
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
    /// Whether outcomes are printed as JSON.
    pub json: bool,
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
        let order = Order::of(self.services.clone());
        for circle in order.circles {
            tally.refuse_circle(&circle);
        }
        for step in order.steps {
            for wave in step.chunks(until_ready_at_once(&step)) {
                for (service, reported) in wave.iter().zip(self.begin_all(wave)?) {
                    let started = reported.and_then(|reported| self.control.finish_start(reported));
                    tally.note(&service.name, started.map(Outcome::Started));
                }
            }
        }
        self.registry.want(&tally.done, true)?;
        tally.end()
    }

    /// Begins to start services, and waits for the reports of their shims, but not until they are ready.
    fn begin_all(&self, services: &[Service]) -> Result<Vec<Result<Reported, Error>>, Error> {
        let mut reported = Vec::with_capacity(services.len());
        for some in services.chunks(at_once()) {
            let begun = self.begin(some)?;
            let report = |starting: Result<_, _>| self.control.await_report(starting?);
            reported.extend(begun.into_iter().map(report));
        }
        Ok(reported)
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
            tally.note(&service.name, removed.map(|()| Outcome::Removed));
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
                tally.note(&service.name, stopped.map(Outcome::Stopped));
            }
        }
        tally
    }

    fn tally(&self) -> Tally {
        Tally::new(self.screen.progress(self.services.len()), self.json)
    }
}

/// How many services we may wait for at once. For a line of a log we keep the log open, so it depends on
/// the descriptors that we may have.
fn until_ready_at_once(services: &[Service]) -> usize {
    let reads = |service: &Service| matches!(service.ready, Some(Ready::Log(_)));
    if services.iter().any(reads) {
        at_once()
    } else {
        services.len().max(1)
    }
}

/// How many starts may run at once with the descriptors that we may have.
fn at_once() -> usize {
    let limit = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let starts = limit.saturating_sub(FOR_ALL) / FOR_EACH;
    usize::try_from(starts).map_or(AT_ONCE, |starts| starts.clamp(1, AT_ONCE))
}

//! What commands share: the services that are meant, and the parts of the program that look at them and handle them.

use std::collections::BTreeSet;

use super::App;
use crate::condition::Condition;
use crate::control::Control;
use crate::error::Error;
use crate::fleet::Fleet;
use crate::log::guard::Found;
use crate::look::{self, Seen};
use crate::name::Name;
use crate::outcome::{Outcome, Tally};
use crate::pattern::Pattern;
use crate::registry::Registry;
use crate::service::Service;
use crate::{json, shim, show};

impl App {
    /// The named services, and the code that handles them.
    pub(super) fn fleet(
        &self,
        names: &[Pattern],
        all: bool,
        json: bool,
    ) -> Result<Fleet<'_>, Error> {
        let mut services = self.services(names, all)?;
        services.sort_by(|one, other| one.name.cmp(&other.name));
        self.fleet_of(services, self.registry()?, json)
    }

    /// The services that are meant, each once.
    pub(super) fn services(&self, names: &[Pattern], all: bool) -> Result<Vec<Service>, Error> {
        let registry = self.registry()?;
        if all {
            return registry.services();
        }
        let mut services: Vec<Service> = vec![];
        for pattern in names {
            let found = match pattern {
                Pattern::Name(name) => self.service(name).map(|service| vec![service]),
                Pattern::Glob(_) => meant(pattern, &registry.services()?),
            };
            services.extend(match found {
                // There may be instances of it.
                Err(Error::Unknown(name, near)) => {
                    meant(pattern, &registry.services()?).map_err(|_| Error::Unknown(name, near))?
                }
                found => found?,
            });
        }
        let mut known = BTreeSet::new();
        services.retain(|service| known.insert(service.name.clone()));
        Ok(services)
    }

    /// The same from the copies.
    pub(super) fn copies(&self, names: &[Pattern], all: bool) -> Result<Vec<Service>, Error> {
        let copies = Registry::copies(self.paths()?);
        if all {
            return Ok(copies);
        }
        let mut services = vec![];
        for pattern in names {
            services.extend(meant(pattern, &copies)?);
        }
        services.sort_by(|one, other| one.name.cmp(&other.name));
        services.dedup_by(|one, other| one.name == other.name);
        Ok(services)
    }

    /// The same from the copies.
    pub(super) fn fleet_of_copies(
        &self,
        names: &[Pattern],
        all: bool,
        json: bool,
    ) -> Result<Fleet<'_>, Error> {
        self.fleet_of(self.copies(names, all)?, self.unopened()?, json)
    }

    pub(super) fn fleet_of<'a>(
        &'a self,
        services: Vec<Service>,
        registry: &'a Registry,
        json: bool,
    ) -> Result<Fleet<'a>, Error> {
        let (paths, host, strays) = (self.paths()?, self.host()?, self.strays()?);
        Ok(Fleet {
            services,
            control: Control {
                paths,
                host,
                strays,
                registry,
            },
            registry,
            screen: self.screen(),
            json,
            as_before: false,
        })
    }

    /// A service of the registry. Reports one that runs and is missing there.
    pub(super) fn service(&self, name: &Name) -> Result<Service, Error> {
        self.registry()?.service(name).map_err(|error| match error {
            Error::Unknown(..) if self.hidden(&[]).is_ok_and(|all| all.contains(name)) => {
                Error::Hidden(name.clone())
            }
            error => error,
        })
    }

    /// The named services, from their copies if the registry is locked.
    pub(super) fn known(&self, names: &[Pattern]) -> Result<Vec<Service>, Error> {
        match self.services(names, false) {
            Err(Error::Locked(registry)) => {
                let copies = self.copies(names, false);
                copies.map_err(|_| Error::Locked(registry))
            }
            services => services,
        }
    }

    /// The services that run and are not among these.
    pub(super) fn hidden(&self, services: &[Service]) -> Result<Vec<Name>, Error> {
        look::hidden(services, self.paths()?, self.host()?, self.strays()?)
    }

    pub(super) fn control(&self) -> Result<Control<'_>, Error> {
        Ok(Control {
            paths: self.paths()?,
            host: self.host()?,
            strays: self.strays()?,
            registry: self.registry()?,
        })
    }

    /// Looks at a service. One whose shim was killed gets another shim first.
    pub(super) fn look(&self, service: Service) -> Result<Seen, Error> {
        let (paths, host, strays) = (self.paths()?, self.host()?, self.strays()?);
        let seen = Seen::of(service, paths, host, strays)?;
        if seen.condition != Condition::Unsupervised {
            return Ok(seen);
        }
        let name = &seen.service.name;
        if let Found::Failed(why) = shim::find(&paths.files(name), host) {
            show::note(&format!("`{name}` gets no shim: {why}"));
            return Ok(seen);
        }
        Seen::of(seen.service, paths, host, strays)
    }

    /// Refuses while services run, because they would have no row in a new registry. It does not read the old
    /// one, which may be unreadable.
    pub(super) fn refuse_while_some_run(&self) -> Result<(), Error> {
        match look::any_in_hand(self.paths()?, self.host()?, self.strays()?)? {
            Some(name) => Err(Error::Runs(name)),
            None => Ok(()),
        }
    }

    /// One action on each service, with its outcome.
    pub(super) fn each(
        &self,
        services: &[Service],
        json: bool,
        act: impl Fn(&Service) -> Result<Outcome, Error>,
    ) -> Result<u8, Error> {
        let mut tally = self.tally(services.len(), json);
        for service in services {
            tally.note(&service.name, act(service));
        }
        tally.end()
    }

    pub(super) fn tally(&self, services: usize, json: bool) -> Tally {
        Tally::new(self.screen().progress(services), json)
    }

    /// Looks at services, and prints their states.
    pub(super) fn print(&self, services: &[Service], json: bool) -> Result<(), Error> {
        let seen = services.iter().map(|service| self.look(service.clone()));
        let seen: Vec<Seen> = seen.collect::<Result<_, _>>()?;
        self.print_seen(&seen, json)
    }

    /// Prints the states of services.
    pub(super) fn print_seen(&self, seen: &[Seen], json: bool) -> Result<(), Error> {
        show::print(if json {
            json::list(seen)?
        } else {
            self.screen().table(seen)
        })
    }
}

/// The services among these that a pattern means: at least one.
fn meant(pattern: &Pattern, all: &[Service]) -> Result<Vec<Service>, Error> {
    let found = |is_it: &dyn Fn(&Name) -> bool| -> Vec<Service> {
        let found = all.iter().filter(|service| is_it(&service.name));
        found.cloned().collect()
    };
    let mut services = found(&|name| pattern.matches(name));
    if services.is_empty() {
        services = found(&|name| pattern.means(name));
    }
    match pattern {
        _ if !services.is_empty() => Ok(services),
        Pattern::Name(name) => Err(Error::Unknown(name.clone(), vec![])),
        Pattern::Glob(_) => Err(Error::NoMatch(pattern.clone())),
    }
}

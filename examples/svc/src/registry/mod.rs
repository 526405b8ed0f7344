//! The registry of services: one SQLite file.
//!
//! It keeps the definition of each service, and whether it is wanted. The state of running services
//! is written elsewhere, by their shims. So it is written seldom and little: with a rollback
//! journal, which also suits network and read-only file systems, fully synced, each change in one
//! short transaction.
//!
//! Each service has a mirror, a file from which [`Registry::recover`] restores a damaged registry.

mod aside;
mod change;
mod create;
mod fields;
mod file;
mod form_1;
mod lock;
mod migrate;
mod mirror;
mod recover;
mod rows;
mod schema;
mod values;

use rusqlite::Connection;

pub use self::create::Initialized;
pub use self::recover::Recovered;
use crate::error::Error;
use crate::name::Name;
use crate::paths::Paths;
use crate::service::Service;

/// The registry of services.
///
/// The file is open only within a call, so a process may fork between any two of them.
///
/// Every call may return [`Error::Untrusted`] if another user could have written the registry,
/// [`Error::Damaged`] if it cannot be read, [`Error::Foreign`] or [`Error::Newer`] if it belongs to
/// another program or has a later form, and [`Error::File`] or [`Error::Registry`] if the system
/// refuses. A change that a read-only file system or a full disk refuses changes nothing.
#[derive(Debug, Clone)]
pub struct Registry {
    paths: Paths,
}

impl Registry {
    /// Creates a registry. An existing one is kept, and migrated to the present form.
    ///
    /// # Errors
    /// As any call.
    pub fn initialize(paths: &Paths) -> Result<Initialized, Error> {
        create::initialize(paths)
    }

    /// Creates an empty registry. An existing one and its mirrors are put aside.
    ///
    /// # Errors
    /// As every call, but a damaged or newer registry is not an error.
    pub fn recreate(paths: &Paths) -> Result<Initialized, Error> {
        create::recreate(paths)
    }

    /// The SQL that [`initialize`](Self::initialize) would run, one statement an item. Changes
    /// nothing.
    ///
    /// # Errors
    /// As any call.
    pub fn plan(paths: &Paths) -> Result<Vec<String>, Error> {
        create::plan(paths)
    }

    /// Opens the registry. One of an older form is migrated, after a backup.
    ///
    /// # Errors
    /// [`Error::Uninitialized`] if there is none, else as any call.
    pub fn open(paths: &Paths) -> Result<Self, Error> {
        create::open(paths)?;
        let paths = paths.clone();
        Ok(Self { paths })
    }

    /// Checks whether the registry is whole. If it is, the mirrors are rewritten from it, but
    /// running services that only a mirror knows get their row back (`runs` tells which). If not,
    /// it is put aside and restored from the readable rows, and from the mirrors of the rest.
    ///
    /// # Errors
    /// As every call, but a damaged registry is not an error.
    pub fn recover(paths: &Paths, runs: impl Fn(&Name) -> bool) -> Result<Recovered, Error> {
        recover::recover(paths, runs)
    }

    /// The registry of these files, which may be missing or locked.
    #[must_use]
    pub fn unopened(paths: &Paths) -> Self {
        let paths = paths.clone();
        Self { paths }
    }

    /// The services in the mirrors, sorted by name, for callers that cannot wait for a locked
    /// registry.
    #[must_use]
    pub fn copies(paths: &Paths) -> Vec<Service> {
        mirror::read(paths).0
    }

    /// All services, sorted by name.
    ///
    /// # Errors
    /// As any call.
    pub fn services(&self) -> Result<Vec<Service>, Error> {
        let connection = file::open(&self.paths)?;
        rows::all(&connection).map_err(|error| file::wrong(self.paths.registry(), error))
    }

    /// The service of a name.
    ///
    /// # Errors
    /// [`Error::Unknown`], else as any call.
    pub fn service(&self, name: &Name) -> Result<Service, Error> {
        let connection = file::open(&self.paths)?;
        service(&self.paths, &connection, name)
    }

    /// Adds a service. Its durations are kept in whole milliseconds.
    ///
    /// # Errors
    /// [`Error::Exists`]; [`Error::Circle`]; [`Error::Invalid`] if its command is empty or a path is not UTF-8; else
    /// as any call.
    pub fn add(&self, service: &Service) -> Result<(), Error> {
        self.add_all(std::slice::from_ref(service))
    }

    /// Adds services, all or none.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    pub fn add_all(&self, services: &[Service]) -> Result<(), Error> {
        change::change(&self.paths, |change| {
            services
                .iter()
                .try_for_each(|service| change.insert(service))
        })
    }

    /// Changes a service, except its name, and returns the closure's result. Nobody else changes
    /// the registry meanwhile. If the closure fails or changes nothing, nothing is written.
    ///
    /// # Errors
    /// Those of the closure; [`Error::Unknown`]; else as [`add`](Self::add).
    pub fn change<T>(
        &self,
        name: &Name,
        change: impl FnOnce(&mut Service) -> Result<T, Error>,
    ) -> Result<T, Error> {
        change::change(&self.paths, |registry| {
            let old = registry.service(name)?;
            let mut new = old.clone();
            let answer = change(&mut new)?;
            new.name = old.name.clone();
            if new.after != old.after {
                registry.refuse_circle(&new)?;
            }
            if new != old {
                registry.update(new)?;
            }
            Ok(answer)
        })
    }

    /// Gives a service another name, also where others start after it.
    ///
    /// # Errors
    /// [`Error::Unknown`], [`Error::Exists`], else as [`add`](Self::add).
    pub fn rename(&self, old: &Name, new: &Name) -> Result<(), Error> {
        change::change(&self.paths, |change| {
            let name = new.clone();
            let service = change.service(old)?;
            change.delete(old)?;
            change.insert(&Service { name, ..service })?;
            for mut other in change.all()? {
                if other.after.contains(old) {
                    let names = other.after.iter_mut().filter(|name| *name == old);
                    names.for_each(|name| name.clone_from(new));
                    change.update(other)?;
                }
            }
            Ok(())
        })
    }

    /// Removes a service.
    ///
    /// # Errors
    /// [`Error::Unknown`], else as any call.
    pub fn remove(&self, name: &Name) -> Result<(), Error> {
        change::change(&self.paths, |change| {
            change.service(name)?;
            change.delete(name)
        })
    }

    /// Records that these services are wanted, or that they are not: all of them or none. If the
    /// registry already says so, nothing is written, which works on a full disk too. Unknown names
    /// are skipped.
    ///
    /// # Errors
    /// As any call.
    pub fn want(&self, names: &[Name], wanted: bool) -> Result<(), Error> {
        change::change(&self.paths, |change| {
            for name in names {
                match change.service(name) {
                    Ok(service) if service.wanted != wanted => {
                        change.update(Service { wanted, ..service })?;
                    }
                    // A service that was removed meanwhile is wanted by nobody.
                    Ok(_) | Err(Error::Unknown(..)) => {}
                    Err(error) => return Err(error),
                }
            }
            Ok(())
        })
    }
}

/// The service with a name, or the similar names.
fn service(paths: &Paths, connection: &Connection, name: &Name) -> Result<Service, Error> {
    let wrong = |error| file::wrong(paths.registry(), error);
    if let Some(service) = rows::one(connection, name).map_err(wrong)? {
        return Ok(service);
    }
    let names = rows::names(connection).map_err(wrong)?;
    Err(Error::Unknown(name.clone(), near(name, &names)))
}

/// At most three names that differ from this one in at most a third of its letters.
fn near(name: &Name, names: &[String]) -> Vec<Name> {
    let most = name.as_str().chars().count().div_ceil(3);
    let distance = |other: &String| strsim::damerau_levenshtein(name.as_str(), other);
    let mut near: Vec<_> = names.iter().map(|other| (distance(other), other)).collect();
    near.retain(|(distance, _)| *distance <= most);
    near.sort();
    let names = near.into_iter().filter_map(|(_, name)| name.parse().ok());
    names.take(3).collect()
}

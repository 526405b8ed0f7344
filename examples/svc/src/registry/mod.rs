//! The registry of services: one SQLite file.
//!
//! It keeps what a service is and whether it is wanted; what runs is written elsewhere, by those
//! who run it. So it is seldom written, and little at a time: with a rollback journal, which also
//! suits network and read-only file systems, synced in full, each change in one short transaction.
//!
//! Each service has a mirror, a file from which [`Registry::recover`] makes a damaged registry
//! anew.

mod aside;
mod change;
mod create;
mod file;
mod form_1;
mod lock;
mod migrate;
mod mirror;
mod recover;
mod rows;
mod schema;

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
/// Any call returns [`Error::Untrusted`] if somebody else could have written the registry,
/// [`Error::Damaged`] if it can't be read, [`Error::Foreign`] and [`Error::Newer`] if it is of
/// another program or of a later form, [`Error::File`] and [`Error::Registry`] if the system
/// refuses: a change on a read-only file system, or on a full disk, which then is no change.
#[derive(Debug, Clone)]
pub struct Registry {
    paths: Paths,
}

impl Registry {
    /// Makes a registry. One that exists is kept, and brought to the form of today.
    ///
    /// # Errors
    /// As any call.
    pub fn initialize(paths: &Paths) -> Result<Initialized, Error> {
        create::initialize(paths)
    }

    /// Makes an empty registry. One that exists, and its mirrors, are put aside.
    ///
    /// # Errors
    /// As any call, but neither a damaged nor a newer registry is an error.
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

    /// Looks whether the registry is whole. If it is, the mirrors are made what it says, but for those of services
    /// that run by what `runs` says: these get a row again. If not, it is put aside and made anew of the rows that
    /// can be read, and of the mirrors of the rest.
    ///
    /// # Errors
    /// As any call, but a damaged registry is none.
    pub fn recover(paths: &Paths, runs: impl Fn(&Name) -> bool) -> Result<Recovered, Error> {
        recover::recover(paths, runs)
    }

    /// That of these files, which may not be there, or be locked.
    #[must_use]
    pub fn unopened(paths: &Paths) -> Self {
        let paths = paths.clone();
        Self { paths }
    }

    /// What the mirrors say, for those who can't wait for a registry that is locked, sorted by name.
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

    /// Changes a service, all but its name, and returns what the closure does. Nobody else changes
    /// the registry meanwhile. If the closure fails, or changes nothing, nothing is written.
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

    /// Writes down whether these services are wanted: of all of them, or of none. If that is what
    /// the registry says already nothing is written, so that works on a full disk as well. Names that
    /// it does not have are left out.
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
                    // One that was removed meanwhile is wanted by nobody.
                    Ok(_) | Err(Error::Unknown(..)) => {}
                    Err(error) => return Err(error),
                }
            }
            Ok(())
        })
    }
}

/// The service of a name, or which names are near.
fn service(paths: &Paths, connection: &Connection, name: &Name) -> Result<Service, Error> {
    let wrong = |error| file::wrong(paths.registry(), error);
    if let Some(service) = rows::one(connection, name).map_err(wrong)? {
        return Ok(service);
    }
    let names = rows::names(connection).map_err(wrong)?;
    Err(Error::Unknown(name.clone(), near(name, &names)))
}

/// The names, three at most, that differ from the one in a third of its letters at most.
fn near(name: &Name, names: &[String]) -> Vec<Name> {
    let most = name.as_str().chars().count().div_ceil(3);
    let distance = |other: &String| strsim::damerau_levenshtein(name.as_str(), other);
    let mut near: Vec<_> = names.iter().map(|other| (distance(other), other)).collect();
    near.retain(|(distance, _)| *distance <= most);
    near.sort();
    let names = near.into_iter().filter_map(|(_, name)| name.parse().ok());
    names.take(3).collect()
}

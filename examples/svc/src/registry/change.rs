//! One change of the registry: with a lock, in one transaction, and mirrored after the commit.

use rusqlite::{Connection, TransactionBehavior};

use super::{file, lock, mirror, rows};
use crate::error::Error;
use crate::kill_point::KillPoint;
use crate::name::Name;
use crate::order;
use crate::paths::Paths;
use crate::service::Service;

/// The registry within a transaction, and what was changed there.
pub(super) struct Change<'a> {
    paths: &'a Paths,
    connection: &'a Connection,
    written: Vec<Service>,
    removed: Vec<Name>,
}

/// Runs the work in one transaction, which commits if the work succeeds and changed something.
pub(super) fn change<T>(
    paths: &Paths,
    work: impl FnOnce(&mut Change) -> Result<T, Error>,
) -> Result<T, Error> {
    let wrong = |error| file::wrong(paths.registry(), error);
    // Checked before the lock file is created: without a registry there should be none.
    file::look(paths)?;
    let _lock = lock::change(paths)?;
    let mut connection = file::open(paths)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate);
    let transaction = transaction.map_err(wrong)?;
    let mut change = Change {
        paths,
        connection: &transaction,
        written: Vec::new(),
        removed: Vec::new(),
    };
    let answer = work(&mut change)?;
    let Change {
        written, removed, ..
    } = change;
    if written.is_empty() && removed.is_empty() {
        return Ok(answer);
    }
    KillPoint::RowChanged.pass();
    let mirrors = mirror::prepare(paths, &written)?;
    transaction.commit().map_err(wrong)?;
    KillPoint::RowCommitted.pass();
    mirrors.publish()?;
    removed
        .iter()
        .try_for_each(|name| mirror::remove(paths, name))?;
    Ok(answer)
}

impl Change<'_> {
    /// The service with a name, or the similar names.
    pub(super) fn service(&self, name: &Name) -> Result<Service, Error> {
        super::service(self.paths, self.connection, name)
    }

    /// All services.
    pub(super) fn all(&self) -> Result<Vec<Service>, Error> {
        rows::all(self.connection).map_err(|error| self.wrong(error))
    }

    /// Adds a service.
    pub(super) fn insert(&mut self, service: &Service) -> Result<(), Error> {
        check(service)?;
        let known = rows::names(self.connection).map_err(|error| self.wrong(error))?;
        if known.iter().any(|name| name == service.name.as_str()) {
            return Err(Error::Exists(service.name.clone()));
        }
        self.refuse_circle(service)?;
        rows::insert(self.connection, service).map_err(|error| self.wrong(error))?;
        self.written.push(service.clone());
        Ok(())
    }

    /// Changes an existing service.
    pub(super) fn update(&mut self, service: Service) -> Result<(), Error> {
        check(&service)?;
        rows::update(self.connection, &service).map_err(|error| self.wrong(error))?;
        self.written.push(service);
        Ok(())
    }

    /// Refuses a service that would wait for itself.
    pub(super) fn refuse_circle(&self, service: &Service) -> Result<(), Error> {
        if service.after.is_empty() {
            return Ok(());
        }
        match order::closes(service, &self.all()?) {
            Some(names) => Err(Error::Circle(names)),
            None => Ok(()),
        }
    }

    /// Removes an existing service.
    pub(super) fn delete(&mut self, name: &Name) -> Result<(), Error> {
        rows::delete(self.connection, name).map_err(|error| self.wrong(error))?;
        self.removed.push(name.clone());
        Ok(())
    }

    fn wrong(&self, error: rusqlite::Error) -> Error {
        file::wrong(self.paths.registry(), error)
    }
}

/// Whether a service can be kept. Its row and its mirror are text.
fn check(service: &Service) -> Result<(), Error> {
    let invalid = |why| Err(Error::Invalid(service.name.clone(), why));
    if service.command.is_empty() {
        return invalid("its command is empty");
    }
    let Service {
        working_directory,
        stdin,
        stdout,
        stderr,
        ..
    } = service;
    if [working_directory, stdin, stdout.as_path(), stderr.as_path()]
        .iter()
        .any(|path| path.to_str().is_none())
    {
        return invalid("the paths of a service must be UTF-8");
    }
    Ok(())
}

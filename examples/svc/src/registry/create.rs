//! Creates a registry, or migrates it to the present form.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, TransactionBehavior};

use super::file::Opened;
use super::migrate::{Plan, migrate};
use super::{aside, file, lock, mirror, rows};
use crate::error::Error;
use crate::paths::Paths;
use crate::service::Service;
use crate::trust;

/// What was done to have a registry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Initialized {
    /// Whether the registry is new.
    pub created: bool,
    /// The SQL that was run.
    pub applied: Vec<String>,
    /// Parts of an older registry that this program does not know, such as `column services.note`
    /// and `table old`. They were all kept.
    pub kept: Vec<String>,
    /// A copy of the registry before the change, if it was changed.
    pub backup: Option<PathBuf>,
}

pub(super) fn initialize(paths: &Paths) -> Result<Initialized, Error> {
    file::trust(paths)?;
    make_directories(paths)?;
    let _lock = lock::change(paths)?;
    match file::open(paths) {
        Ok(connection) => update(paths, connection),
        Err(Error::Uninitialized(_)) => make(paths, &[]),
        Err(error) => Err(error),
    }
}

pub(super) fn recreate(paths: &Paths) -> Result<Initialized, Error> {
    file::trust(paths)?;
    make_directories(paths)?;
    let _lock = lock::change(paths)?;
    match file::open(paths).map(drop) {
        // A file that is not ours is not moved.
        Ok(()) | Err(Error::Uninitialized(_) | Error::Damaged(..) | Error::Newer(..)) => {}
        Err(error) => return Err(error),
    }
    let (new, plan) = build(paths, &[])?;
    mirror::put_aside(paths)?;
    place(paths, &new, plan)
}

pub(super) fn plan(paths: &Paths) -> Result<Vec<String>, Error> {
    let wrong = |error| file::wrong(paths.registry(), error);
    let plan = match file::open(paths) {
        Err(Error::Uninitialized(_)) => Connection::open_in_memory().and_then(|new| Plan::of(&new)),
        opened => Plan::of(&*opened?),
    };
    Ok(plan.map_err(wrong)?.statements)
}

/// Makes sure that the registry can be used. Takes the lock only if there is something to do.
pub(super) fn open(paths: &Paths) -> Result<(), Error> {
    let connection = file::open(paths)?;
    let plan = Plan::of(&connection).map_err(|error| file::wrong(paths.registry(), error))?;
    drop(connection);
    if !plan.statements.is_empty() {
        let _lock = lock::change(paths)?;
        update(paths, file::open(paths)?)?;
    }
    Ok(())
}

/// Brings a registry to the present form. The lock must be held.
pub(super) fn update(paths: &Paths, mut connection: Opened) -> Result<Initialized, Error> {
    let (plan, backup) = migrate(&aside::real(paths)?, &mut connection)?;
    if backup.is_some() {
        // Form 1 had no mirrors. An unreadable row is reported when it is asked for.
        let (services, _) = rows::salvage(&connection);
        mirror::prepare(paths, &services)?.publish()?;
    }
    Ok(Initialized {
        created: false,
        applied: plan.statements,
        kept: plan.kept,
        backup,
    })
}

/// Creates a registry with these services, and puts the old one, if any, aside. The lock must be
/// held.
pub(super) fn make(paths: &Paths, services: &[Service]) -> Result<Initialized, Error> {
    let (new, plan) = build(paths, services)?;
    let made = place(paths, &new, plan)?;
    mirror::prepare(paths, services)?.publish()?;
    Ok(made)
}

/// Creates the file under a temporary name. A full disk shows here, before the old file is touched.
fn build(paths: &Paths, services: &[Service]) -> Result<(PathBuf, Plan), Error> {
    let new = aside::beside(&aside::real(paths)?, ".new");
    aside::create(&new)?;
    match fill(&new, services) {
        Ok(plan) => Ok((new, plan)),
        Err(error) => {
            let _ = fs::remove_file(&new);
            Err(file::wrong(paths.registry(), error))
        }
    }
}

/// Gives the new file the name of the old one.
fn place(paths: &Paths, new: &Path, plan: Plan) -> Result<Initialized, Error> {
    Ok(Initialized {
        created: true,
        backup: aside::replace(paths, new)?,
        applied: plan.statements,
        kept: plan.kept,
    })
}

fn fill(new: &Path, services: &[Service]) -> rusqlite::Result<Plan> {
    let mut connection = file::connect(new)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let plan = Plan::of(&transaction)?;
    plan.apply(&transaction)?;
    services
        .iter()
        .try_for_each(|service| rows::insert(&transaction, service))?;
    transaction.commit()?;
    Ok(plan)
}

fn make_directories(paths: &Paths) -> Result<(), Error> {
    trust::parent(paths.registry())?;
    trust::directory(paths.home())?;
    trust::directory(&paths.mirrors())
}

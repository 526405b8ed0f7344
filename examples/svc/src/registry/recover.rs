//! Restores a damaged registry.

use std::path::PathBuf;

use rusqlite::{Connection, TransactionBehavior};

use super::{create, file, lock, mirror, rows};
use crate::error::Error;
use crate::name::Name;
use crate::paths::Paths;
use crate::service::Service;

/// The findings and the result.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recovered {
    /// The damage, if there was any.
    pub damage: Option<String>,
    /// The path of the damaged file.
    pub aside: Option<PathBuf>,
    /// The services whose row could be read.
    pub from_rows: Vec<Name>,
    /// The services that only a mirror had.
    pub from_mirrors: Vec<Name>,
    /// The running services that only a mirror had. The registry is older than they are.
    pub hidden: Vec<Name>,
    /// The mirrors that were missing, or differed from their row.
    pub mirrored: Vec<Name>,
    /// The services without a readable row or mirror, one on each line.
    pub lost: Vec<String>,
}

/// An unreadable row or mirror, with the name of its service if that is known.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Unread {
    pub(super) name: Option<String>,
    pub(super) why: String,
}

pub(super) fn recover(paths: &Paths, runs: impl Fn(&Name) -> bool) -> Result<Recovered, Error> {
    match file::look(paths) {
        Ok(()) | Err(Error::Damaged(..)) => {}
        Err(error) => return Err(error),
    }
    let _lock = lock::change(paths)?;
    match examine(paths) {
        Ok(services) => {
            let from_rows = names(&services);
            let (mut hidden, _) = mirror::read(paths);
            hidden.retain(|mirror| !from_rows.contains(&mirror.name) && runs(&mirror.name));
            insert(paths, &hidden)?;
            let all = [&services[..], &hidden].concat();
            Ok(Recovered {
                mirrored: mirror::sync(paths, &all)?,
                hidden: names(&hidden),
                from_rows,
                ..Recovered::default()
            })
        }
        Err(Error::Damaged(_, reason)) => rebuild(paths, reason),
        Err(error) => Err(error),
    }
}

/// Gives services a row. The lock must be held.
fn insert(paths: &Paths, services: &[Service]) -> Result<(), Error> {
    let wrong = |error| file::wrong(paths.registry(), error);
    let mut connection = file::open(paths)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate);
    let transaction = transaction.map_err(wrong)?;
    let mut services = services.iter();
    services
        .try_for_each(|service| rows::insert(&transaction, service))
        .and_then(|()| transaction.commit())
        .map_err(wrong)
}

/// The services of a whole registry, which is migrated to the present form.
fn examine(paths: &Paths) -> Result<Vec<Service>, Error> {
    let wrong = |error| file::wrong(paths.registry(), error);
    let connection = file::open(paths)?;
    whole(&connection)
        .map_err(wrong)?
        .map_err(|why| file::damaged(paths.registry(), why))?;
    create::update(paths, connection)?;
    let connection = file::open(paths)?;
    rows::all(&connection).map_err(wrong)
}

/// SQLite's findings on each page and each index.
fn whole(connection: &Connection) -> rusqlite::Result<Result<(), String>> {
    let found: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    let line = found.lines().last().unwrap_or_default().to_owned();
    Ok(if line == "ok" { Ok(()) } else { Err(line) })
}

fn rebuild(paths: &Paths, reason: String) -> Result<Recovered, Error> {
    let (mut services, mut unread) = match file::look(paths) {
        Ok(()) => read(paths),
        Err(_) => (Vec::new(), Vec::new()),
    };
    let from_rows = names(&services);
    let (mut mirrors, unreadable) = mirror::read(paths);
    mirrors.retain(|mirror| !from_rows.contains(&mirror.name));
    let from_mirrors = names(&mirrors);
    services.append(&mut mirrors);
    unread.extend(unreadable);
    let lost = lost(unread, &services, mirror::any(paths));
    let made = create::make(paths, &services)?;
    Ok(Recovered {
        damage: Some(reason),
        aside: made.backup,
        mirrored: mirror::sync(paths, &services)?,
        from_rows,
        from_mirrors,
        hidden: Vec::new(),
        lost,
    })
}

fn read(paths: &Paths) -> (Vec<Service>, Vec<Unread>) {
    match file::connect(paths.registry()) {
        Ok(connection) => rows::salvage(&connection),
        Err(error) => {
            let (name, why) = (None, file::reason(&error));
            (Vec::new(), vec![Unread { name, why }])
        }
    }
}

/// The damage from which no service came back. Each service has a mirror, so if there are any, no
/// other service is missing.
fn lost(unread: Vec<Unread>, services: &[Service], mirrored: bool) -> Vec<String> {
    let is_back = |name: &str| services.iter().any(|service| service.name.as_str() == name);
    let lost = unread
        .into_iter()
        .filter_map(|Unread { name, why }| match name {
            Some(name) => (!is_back(&name)).then_some(why),
            None if mirrored => None,
            None => Some(format!(
                "services that can't be read, if there were any ({why})"
            )),
        });
    lost.collect()
}

fn names(services: &[Service]) -> Vec<Name> {
    services
        .iter()
        .map(|service| service.name.clone())
        .collect()
}

//! How a damaged registry is made anew.

use std::path::PathBuf;

use rusqlite::{Connection, TransactionBehavior};

use super::{create, file, lock, mirror, rows};
use crate::error::Error;
use crate::name::Name;
use crate::paths::Paths;
use crate::service::Service;

/// What was found, and what was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recovered {
    /// What was wrong, if anything was.
    pub damage: Option<String>,
    /// Where the damaged file is now.
    pub aside: Option<PathBuf>,
    /// The services whose row could be read.
    pub from_rows: Vec<Name>,
    /// The services that only their mirror knew.
    pub from_mirrors: Vec<Name>,
    /// The services that run, and of which only the mirror knew: the registry is older than they are.
    pub hidden: Vec<Name>,
    /// The mirrors that were missing, or not what the row is.
    pub mirrored: Vec<Name>,
    /// The services that could not be read, neither their row nor their mirror, in a line each.
    pub lost: Vec<String>,
}

/// What can't be read, and the name of the service that it says something of, where that is known.
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

/// The services of a registry that is whole, and of the form of today from now on.
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

/// What SQLite finds when it looks at each page and each index.
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

/// What of that no service came back from. Each service has a mirror: so where there are any, no
/// other is missed.
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

//! The registry as a file: found, trusted, opened.
//!
//! While SQLite has it open, nothing else may open it, because closing any descriptor of a file
//! drops all locks of the process on it. So other code only looks at it, links it and renames it.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};
use rustix::fs::Access;
use rustix::io::Errno;

use super::schema::{APPLICATION, FORM, SERVICES};
use super::{lock, migrate, mirror};
use crate::error::Error;
use crate::paths::Paths;
use crate::trust;

/// The first bytes of every SQLite database.
const HEADER: &[u8; 16] = b"SQLite format 3\0";

/// How long SQLite waits for other locks.
const BUSY: Duration = Duration::from_secs(5);

/// The open registry, which stays in its place meanwhile.
pub(super) struct Opened(
    Connection,
    #[expect(dead_code, reason = "a lock")] Option<File>,
);

impl Deref for Opened {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.0
    }
}

impl DerefMut for Opened {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.0
    }
}

/// Opens the registry: trusted, ours, undamaged as far as its header tells, in any known form.
///
/// If it cannot be written, SQLite opens it for reading.
pub(super) fn open(paths: &Paths) -> Result<Opened, Error> {
    look(paths)?;
    let registry = paths.registry();
    let wrong = |error| wrong(registry, error);
    let used = lock::share(paths)?;
    let connection = connect(registry).map_err(wrong)?;
    match kind(&connection).map_err(wrong)? {
        Kind::Ours => Ok(Opened(connection, used)),
        Kind::Newer(form) => Err(Error::Newer(registry.to_owned(), form, FORM)),
        Kind::Torn => Err(damaged(registry, "it has no table of services")),
        Kind::Foreign => Err(Error::Foreign(registry.to_owned())),
    }
}

/// The owner of a database.
enum Kind {
    Ours,
    Newer(u32),
    /// Ours, or unmarked and without our table.
    Torn,
    Foreign,
}

/// A file of form 1 has no mark. Its table identifies it.
fn kind(connection: &Connection) -> rusqlite::Result<Kind> {
    let marked = match migrate::number(connection, "application_id")? {
        0 => false,
        mark if mark == i64::from(APPLICATION) => true,
        _ => return Ok(Kind::Foreign),
    };
    let columns = migrate::columns(connection, SERVICES.name)?;
    let has = |name| columns.iter().any(|column| migrate::same(column, name));
    let ours = marked || has("name") && has("command");
    let form = migrate::number(connection, "user_version")?;
    let form = u32::try_from(form).unwrap_or(u32::MAX);
    Ok(match ours {
        true if form > FORM => Kind::Newer(form),
        true if !columns.is_empty() => Kind::Ours,
        false if !migrate::objects(connection)?.is_empty() => Kind::Foreign,
        _ => Kind::Torn,
    })
}

/// Opens a database with any content.
pub(super) fn connect(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

/// Whether there is a trusted file that may be a database.
pub(super) fn look(paths: &Paths) -> Result<(), Error> {
    let registry = paths.registry();
    trust(paths)?;
    match fs::metadata(registry) {
        // So that a device is never put aside.
        Ok(file) if !file.is_file() => Err(Error::file(registry, io::Error::other("no file"))),
        Ok(file) if file.len() == 0 => Err(damaged(registry, "it is empty")),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(absent(paths)),
        Err(error) => Err(Error::file(registry, error)),
    }
}

/// Checks the registry and all files around it, including the journal, because SQLite would play it
/// back.
pub(super) fn trust(paths: &Paths) -> Result<(), Error> {
    let home = paths.home();
    let (mirrors, locks) = (paths.mirrors(), paths.locks());
    let (name, registry, journal) = (paths.name(), paths.registry(), paths.journal());
    [name, registry, &journal, home, &mirrors, &locks]
        .into_iter()
        .try_for_each(trust::check)?;
    refuse_other(paths)
}

/// A file that is not a database and has no file of ours beside it was never a registry.
fn refuse_other(paths: &Paths) -> Result<(), Error> {
    let registry = paths.registry();
    if paths.home().exists() || !registry.is_file() {
        return Ok(());
    }
    let mut start = [0; HEADER.len()];
    let read = File::open(registry).and_then(|mut file| file.read_exact(&mut start));
    match read {
        Ok(()) if &start != HEADER => Err(Error::Foreign(registry.to_owned())),
        // SQLite reports an unreadable file when it opens it.
        _ => Ok(()),
    }
}

/// Why there is no registry: it never existed, or it is gone from beside its mirrors.
fn absent(paths: &Paths) -> Error {
    if mirror::any(paths) {
        return damaged(
            paths.registry(),
            "it is gone, the copies of its services are not",
        );
    }
    Error::Uninitialized(paths.registry().to_owned())
}

/// The error for a damaged registry, with the reason.
pub(super) fn damaged(registry: &Path, reason: impl Into<String>) -> Error {
    Error::Damaged(registry.to_owned(), reason.into())
}

/// The meaning of an SQLite error for the registry.
pub(super) fn wrong(registry: &Path, error: rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        None | Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt | ErrorCode::Unknown) => {
            damaged(registry, reason(&error))
        }
        Some(ErrorCode::DatabaseBusy) => Error::Locked(registry.to_owned()),
        Some(ErrorCode::DiskFull) => Error::file(registry, Errno::NOSPC.into()),
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen) => match refusal(registry) {
            Some(refused) => refused,
            None => Error::Registry(registry.to_owned(), error),
        },
        _ => Error::Registry(registry.to_owned(), error),
    }
}

/// SQLite's message, in one line.
pub(super) fn reason(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::FromSqlConversionFailure(_, _, error) => error.to_string(),
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        error => error.to_string(),
    }
}

/// Why the registry or its directory cannot be read and written, which SQLite does not say.
fn refusal(registry: &Path) -> Option<Error> {
    let directory = registry.parent()?;
    let needed = Access::READ_OK | Access::WRITE_OK;
    [registry, directory].into_iter().find_map(|path| {
        let errno = rustix::fs::access(path, needed).err()?;
        Some(Error::file(path, errno.into()))
    })
}

//! Replaces a file by another, and keeps the old one.

use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::types::{ToSqlOutput, ValueRef};

use super::{file, lock};
use crate::error::Error;
use crate::paths::Paths;

/// The real path of the registry, if it is a symbolic link.
pub(super) fn real(paths: &Paths) -> Result<PathBuf, Error> {
    let registry = paths.registry();
    match fs::symlink_metadata(registry) {
        Ok(_) => fs::canonicalize(registry).map_err(|error| Error::file(registry, error)),
        Err(_) => Ok(registry.to_owned()),
    }
}

/// Copies the open registry beside itself.
pub(super) fn back_up(registry: &Path, connection: &Connection) -> Result<PathBuf, Error> {
    let new = beside(registry, ".bak.new");
    create(&new)?;
    let name = ToSqlOutput::Borrowed(ValueRef::Text(new.as_os_str().as_bytes()));
    let copied = connection.execute("VACUUM INTO ?1", [name]);
    let kept = free(registry);
    let kept = match copied {
        Ok(_) => rename(&new, &kept).map(|()| kept),
        Err(error) => Err(file::wrong(registry, error)),
    };
    kept.inspect_err(|_| drop(fs::remove_file(&new)))
}

/// Replaces the registry by a new file, and keeps the old one, if any, under the returned path.
/// There is always a registry, and never one with another's journal: a process that has the old
/// file open would use the new one's journal, so this waits for such processes.
pub(super) fn replace(paths: &Paths, new: &Path) -> Result<Option<PathBuf>, Error> {
    let _unused = lock::own(paths)?;
    let registry = &*real(paths)?;
    let kept = free(registry);
    let journal = beside(registry, "-journal");
    if journal.exists() {
        rename(&journal, &beside(&kept, "-journal"))?;
    }
    let old = registry.exists();
    if old && fs::hard_link(registry, &kept).is_err() {
        rename(registry, &kept)?;
    }
    rename(new, registry)?;
    let directory = registry.parent().unwrap_or(Path::new("/"));
    let synced = File::open(directory).and_then(|directory| directory.sync_all());
    synced.map_err(|error| Error::file(directory, error))?;
    Ok(old.then_some(kept))
}

/// Creates an empty file, readable for the user alone, in place of one that a killed program may
/// have left.
pub(super) fn create(path: &Path) -> Result<(), Error> {
    for left in [path, &beside(path, "-journal")] {
        if let Err(error) = fs::remove_file(left)
            && error.kind() != ErrorKind::NotFound
        {
            return Err(Error::file(left, error));
        }
    }
    let mut options = OpenOptions::new();
    let created = options.write(true).create_new(true).mode(0o600).open(path);
    created.map(drop).map_err(|error| Error::file(path, error))
}

/// The first free one of `registry.db.1.bak`, `registry.db.2.bak` …
pub(super) fn free(path: &Path) -> PathBuf {
    let numbered = (1_u32..).map(|number| beside(path, &format!(".{number}.bak")));
    let mut free = numbered.filter(|path| fs::symlink_metadata(path).is_err());
    free.next().expect("no directory has that many files")
}

/// The path with a suffix.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(suffix);
    path.into()
}

/// Renames a file, and replaces an existing one.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), Error> {
    fs::rename(from, to).map_err(|error| Error::file(from, error))
}

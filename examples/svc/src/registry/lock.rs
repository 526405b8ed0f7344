//! The locks of the registry.
//!
//! A process that changes the registry holds `registry.lock`, so that the mirrors are written in
//! the order of the commits. Every process that has it open shares `registry.use`, which is locked
//! alone to replace the file: SQLite finds a journal by its name, and must not find that of another
//! file.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;

use crate::error::Error;
use crate::paths::Paths;
use crate::trust;

/// How long to wait for others.
const PATIENCE: Duration = Duration::from_secs(10);

/// Locks the registry for a change, until the file is dropped.
pub(super) fn change(paths: &Paths) -> Result<File, Error> {
    trust::directory(paths.home())?;
    let path = paths.registry_lock();
    let file = open(&path).map_err(|errno| Error::file(&path, errno.into()))?;
    wait(&path, || file.try_lock())?;
    Ok(file)
}

/// Keeps the registry in its place until the file is dropped. `None` if nothing can be replaced
/// anyway, as on a read-only file system.
pub(super) fn share(paths: &Paths) -> Result<Option<File>, Error> {
    let path = paths.registry_use();
    match open(&path) {
        Ok(file) => wait(&path, || file.try_lock_shared()).map(|()| Some(file)),
        Err(Errno::ROFS | Errno::NOSPC | Errno::NOENT) => Ok(None),
        Err(errno) => Err(Error::file(path, errno.into())),
    }
}

/// Waits until nobody has the registry open, and keeps others out until the file is dropped.
pub(super) fn own(paths: &Paths) -> Result<File, Error> {
    let path = paths.registry_use();
    let file = open(&path).map_err(|errno| Error::file(&path, errno.into()))?;
    wait(&path, || file.try_lock())?;
    Ok(file)
}

/// Opens a lock, for writing if possible, because network file systems require it.
fn open(path: &Path) -> Result<File, Errno> {
    let flags = OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let mode = Mode::RUSR | Mode::WUSR;
    let opened = rustix::fs::open(path, flags | OFlags::RDWR | OFlags::CREATE, mode);
    let opened = match opened {
        Err(Errno::ROFS) => {
            rustix::fs::open(path, flags | OFlags::RDONLY, mode).map_err(|_| Errno::ROFS)
        }
        opened => opened,
    };
    opened.map(File::from)
}

fn wait(path: &Path, lock: impl Fn() -> Result<(), TryLockError>) -> Result<(), Error> {
    let started = Instant::now();
    loop {
        match lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(Error::file(path, error)),
            Err(TryLockError::WouldBlock) if started.elapsed() > PATIENCE => {
                return Err(Error::Locked(path.to_owned()));
            }
            Err(TryLockError::WouldBlock) => sleep(Duration::from_millis(1)),
        }
    }
}

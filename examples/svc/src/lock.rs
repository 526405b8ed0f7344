//! One lock for each service. The process that starts a service holds it first, and then the shim
//! for its whole life. So two commands never start two copies.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::thread;
use std::time::Duration;

use crate::error::Error;
use crate::trust;

/// The longest look at a lock, and the number of looks in a row.
const LOOK: Duration = Duration::from_millis(1);
const LOOKS: u32 = 100;

/// Takes the lock, if nobody holds it. It is held until the last copy of the descriptor is closed,
/// including copies in forks.
///
/// A process that removes a service holds the lock and removes the file. So the locked file is
/// compared with the path, and counts only if it is still there.
///
/// # Errors
/// If the file can't be opened or locked.
pub fn try_lock(file: &Path) -> Result<Option<File>, Error> {
    let refused = |error| Error::file(file, error);
    if let Some(directory) = file.parent() {
        trust::directory(directory)?;
    }
    for _ in 0..LOOKS {
        let lock = open(file).map_err(refused)?;
        match lock.try_lock() {
            Ok(()) if is_at(&lock, file).map_err(refused)? => return Ok(Some(lock)),
            Ok(()) => continue,
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(refused(error)),
        }
        match lock.try_lock_shared() {
            // Another process was only looking.
            Ok(()) => lock.unlock().map_err(refused)?,
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(refused(error)),
        }
        thread::sleep(LOOK);
    }
    Ok(None)
}

/// Whether a process holds it. A look holds the lock for an instant, together with other looks.
///
/// # Errors
/// If the file can't be opened or locked.
pub fn is_held(file: &Path) -> Result<bool, Error> {
    match File::open(file) {
        Ok(lock) => Ok(matches!(
            lock.try_lock_shared(),
            Err(TryLockError::WouldBlock)
        )),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Error::file(file, error)),
    }
}

/// Whether the path still names this file.
fn is_at(lock: &File, path: &Path) -> std::io::Result<bool> {
    let ours = lock.metadata()?;
    match fs::symlink_metadata(path) {
        Ok(there) => Ok((there.dev(), there.ino()) == (ours.dev(), ours.ino())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn open(file: &Path) -> std::io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .custom_flags(libc::O_NOFOLLOW)
        .open(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_held_until_it_is_dropped() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("lock");
        assert!(!is_held(&file).unwrap());
        let lock = try_lock(&file).unwrap();
        assert!(is_held(&file).unwrap());
        assert!(try_lock(&file).unwrap().is_none());
        drop(lock);
        assert!(!is_held(&file).unwrap());
    }

    #[test]
    fn the_lock_of_a_file_that_is_gone_is_none() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("lock");
        let lock = try_lock(&file).unwrap().unwrap();
        fs::remove_file(&file).unwrap();
        let other = try_lock(&file).unwrap();
        assert!(other.is_some() && is_held(&file).unwrap());
        assert!(!is_at(&lock, &file).unwrap());
    }

    #[test]
    fn who_looks_does_not_hold_it() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("lock");
        drop(try_lock(&file).unwrap());
        let look = File::open(&file).unwrap();
        look.lock_shared().unwrap();
        let looking = thread::spawn(move || {
            thread::sleep(5 * LOOK);
            drop(look);
        });
        assert!(try_lock(&file).unwrap().is_some());
        looking.join().unwrap();
    }
}

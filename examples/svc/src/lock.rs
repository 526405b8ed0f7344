//! One lock for each service: who holds it may start it, and whoever looks after it holds it for as
//! long as it lives. So two commands never start two copies.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::thread;
use std::time::Duration;

use crate::error::Error;
use crate::trust;

/// How long a look at a lock takes at most, and how many may follow each other.
const LOOK: Duration = Duration::from_millis(1);
const LOOKS: u32 = 100;

/// The lock, if nobody has it. It is held until the last copy of the descriptor is closed, those
/// that a fork made too.
///
/// The file stays for ever: if it were removed, somebody could wait for the lock of a file that is
/// gone while somebody else takes that of a new one.
///
/// # Errors
/// If the file can't be opened or locked.
pub fn try_lock(file: &Path) -> Result<Option<File>, Error> {
    let refused = |error| Error::file(file, error);
    if let Some(directory) = file.parent() {
        trust::directory(directory)?;
    }
    let lock = open(file).map_err(refused)?;
    for _ in 0..LOOKS {
        match lock.try_lock() {
            Ok(()) => return Ok(Some(lock)),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(refused(error)),
        }
        match lock.try_lock_shared() {
            // Somebody only looked whether it is held.
            Ok(()) => lock.unlock().map_err(refused)?,
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(refused(error)),
        }
        thread::sleep(LOOK);
    }
    Ok(None)
}

/// Whether somebody holds it. Who asks holds it for an instant as well, beside others who ask.
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

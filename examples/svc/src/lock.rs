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

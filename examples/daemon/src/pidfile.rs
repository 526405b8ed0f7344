//! A file with the id of the daemon, which the daemon keeps locked while it lives.

use std::ffi::CString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{io, process, thread};

use crate::pidfile_error::PidLockError;
use crate::sys;

/// How long a process may hold the lock only to see whether there is a holder, as
/// [`PidLockFile::is_locked`] does. Even a caller that does not want to wait waits this long.
const GLANCE: Duration = Duration::from_millis(20);

/// A pid file as in PEP 3143, but the lock decides, not the file's existence. `kill -9` leaves a
/// file that the next start takes over, whichever process has that id by then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PidLockFile {
    path: PathBuf,
    timeout: Duration,
}

impl PidLockFile {
    /// The file at that path. The path becomes absolute here, because a daemon changes its
    /// directory.
    ///
    /// # Errors
    /// If the path is empty, or relative to a directory that is gone.
    pub fn new(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = std::path::absolute(path)?;
        let timeout = Duration::ZERO;
        Ok(Self { path, timeout })
    }

    /// Sets how long [`acquire`](Self::acquire) waits when it is given no time. The default is not
    /// to wait.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The process id in the first line of the file. `None` if there is no file, or no number in
    /// it.
    #[must_use]
    pub fn read_pid(&self) -> Option<u32> {
        read_pid(self.open(false).ok()?)
    }

    /// Whether a process holds the lock.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.open(false)
            .is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }

    /// Locks the file and writes our id to it, as `PID\n`. Waits for another holder for the given
    /// time, or with `None` for the time set by [`timeout`](Self::timeout).
    ///
    /// # Errors
    /// [`AlreadyLocked`](PidLockError::AlreadyLocked) if another process holds it and there is no
    /// time to wait, [`Timeout`](PidLockError::Timeout) if it held the lock for all of that time,
    /// and [`Failed`](PidLockError::Failed) if the file cannot be used. A symbolic link cannot.
    pub fn acquire(&self, timeout: impl Into<Option<Duration>>) -> Result<PidLock, PidLockError> {
        let timeout = timeout.into().unwrap_or(self.timeout);
        let end = Instant::now().checked_add(timeout.max(GLANCE));
        let pause = (timeout / 10).clamp(Duration::from_millis(1), Duration::from_millis(50));
        loop {
            let failed = |error| PidLockError::Failed(self.path.clone(), error);
            if let Some(lock) = self.try_acquire().map_err(failed)? {
                return Ok(lock);
            }
            if end.is_some_and(|end| Instant::now() >= end) {
                let pid = self.read_pid();
                return Err(if timeout.is_zero() {
                    PidLockError::AlreadyLocked { pid }
                } else {
                    PidLockError::Timeout { pid, timeout }
                });
            }
            thread::sleep(pause);
        }
    }

    /// Takes over the lock that this process held before it executed another program, by the
    /// descriptor that was kept open.
    ///
    /// # Errors
    /// If the descriptor belongs to another file, or cannot be written to.
    pub fn adopt(&self, lock: OwnedFd) -> io::Result<PidLock> {
        let file = File::from(lock);
        if is_at(&file, &self.path)? {
            PidLock::new(file, &self.path)
        } else {
            Err(io::Error::other("another file is there"))
        }
    }

    fn try_acquire(&self) -> io::Result<Option<PidLock>> {
        loop {
            let file = self.open(true)?;
            match file.try_lock() {
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(error),
                // A holder that released it meanwhile has removed the file that we locked.
                Ok(()) if !is_at(&file, &self.path)? => {}
                Ok(()) => return PidLock::new(file, &self.path).map(Some),
            }
        }
    }

    fn open(&self, create: bool) -> io::Result<File> {
        let file = OpenOptions::new()
            .read(true)
            .write(create)
            .create(create)
            .mode(0o644)
            // A user who can write to the directory must not make us write elsewhere, or wait.
            .custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK)
            .open(&self.path)?;
        if file.metadata()?.is_file() {
            Ok(file)
        } else {
            Err(io::Error::other("it is no regular file"))
        }
    }
}

/// The hierarchy standard ignores blanks and further lines.
fn read_pid(file: File) -> Option<u32> {
    let mut text = String::new();
    file.take(256).read_to_string(&mut text).ok()?;
    text.lines().next()?.trim().parse().ok()
}

/// Whether the path still names this file.
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let ours = file.metadata()?;
    match fs::symlink_metadata(path) {
        Ok(there) => Ok((there.dev(), there.ino()) == (ours.dev(), ours.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// A pid file that this process holds. Dropping it releases it. A process forked from the holder
/// does not hold it, but keeps it locked while it has the descriptor.
#[derive(Debug)]
pub struct PidLock {
    file: File,
    path: PathBuf,
    holder: u32,
    released: bool,
}

impl PidLock {
    fn new(mut file: File, path: &Path) -> io::Result<Self> {
        let holder = process::id();
        file.set_len(0)?;
        file.rewind()?;
        writeln!(file, "{holder}")?;
        let path = path.to_owned();
        Ok(Self {
            file,
            path,
            holder,
            released: false,
        })
    }

    /// Removes it also when `SIGTERM` ends the process.
    pub(crate) fn leave_at_signal(&self) -> io::Result<()> {
        let found = self.file.metadata()?;
        let path = CString::new(self.path.as_os_str().as_bytes())?;
        sys::leave_at_signal(path, found.dev(), found.ino());
        Ok(())
    }

    /// Removes the file and then releases the lock. In this order nobody can lock a file that is
    /// about to go.
    ///
    /// # Errors
    /// [`NotLocked`](PidLockError::NotLocked) if the file is gone,
    /// [`NotMine`](PidLockError::NotMine) if another file has its name, or if this process is a
    /// child of the holder. Both leave everything as it is.
    pub fn release(mut self) -> Result<(), PidLockError> {
        self.remove()
    }

    fn remove(&mut self) -> Result<(), PidLockError> {
        let failed = |error| PidLockError::Failed(self.path.clone(), error);
        self.released = true;
        if self.holder != process::id() {
            return Err(PidLockError::NotMine);
        }
        sys::leave_nothing();
        if !is_at(&self.file, &self.path).map_err(failed)? {
            return Err(if fs::symlink_metadata(&self.path).is_ok() {
                PidLockError::NotMine
            } else {
                PidLockError::NotLocked
            });
        }
        fs::remove_file(&self.path).map_err(failed)
    }
}

impl AsFd for PidLock {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}

impl Drop for PidLock {
    fn drop(&mut self) {
        if !self.released {
            let _ = self.remove();
        }
    }
}

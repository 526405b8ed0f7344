//! A log file that is opened again after it was moved away.

use std::ffi::CString;
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::owner::Owner;
use crate::signals::Signal;
use crate::sys::{self, Disposition};

/// Beside the owner, the group may read a log.
const MODE: u32 = 0o640;

/// A file that is appended to. When another file has its name, or none does, the next line goes to
/// a new file of that name. A signal can also open it again: see [`reopen_on`](Self::reopen_on).
///
/// The descriptor keeps its number. Standard output and standard error follow if they lead to the
/// same file. So `logrotate` can move a log without a restart.
///
/// Many threads and processes may write to one file. A line written in one piece is never torn.
/// `Arc<LogFile>` is a writer for the `tracing` crate.
#[derive(Debug)]
pub struct LogFile {
    path: PathBuf,
    name: CString,
    file: File,
    /// Whether the next byte begins a line.
    at_line: AtomicBool,
}

impl LogFile {
    /// Opens or creates the file, readable for the user and the group. The path becomes absolute
    /// here. Symbolic links are not followed: a user who can write to the directory must not make
    /// us write elsewhere.
    ///
    /// # Errors
    /// If it cannot be opened, or is not a regular file.
    pub fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = std::path::absolute(path)?;
        let file = OpenOptions::new()
            .append(true)
            .create(true)
            .mode(MODE)
            .custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY)
            .open(&path)?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::other("it is no regular file"));
        }
        let name = CString::new(path.as_os_str().as_bytes())?;
        Ok(Self {
            path,
            name,
            file,
            at_line: AtomicBool::new(true),
        })
    }

    /// Gives the file to the future owner of the process, so that it can open it again.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn owned_by(self, owner: &Owner) -> io::Result<Self> {
        owner.give(&self.file)?;
        Ok(self)
    }

    /// The path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Opens the file of that name again.
    ///
    /// # Errors
    /// If it cannot be opened. Then the old file stays in use.
    pub fn reopen(&self) -> io::Result<()> {
        sys::reopen(&self.name, self.file.as_fd(), MODE)
    }

    /// Opens the file again on each such signal. Returns whether it will: not if the program has
    /// another handler for the signal. With several logs, only the last one.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn reopen_on(&self, signal: Signal) -> io::Result<bool> {
        if sys::is_handled(signal as i32) {
            return Ok(false);
        }
        sys::reopen_at_signal(self.name.clone(), self.file.as_fd(), MODE);
        sys::set_disposition(signal as i32, Disposition::Reopen)?;
        Ok(true)
    }

    /// Opens it again if it was moved away. If that fails, no line is lost, but the reader may not
    /// know where they are. So the file that is still open gets a line about it.
    fn follow(&self) {
        let is_there = fs::symlink_metadata(&self.path).and_then(|there| {
            let ours = self.file.metadata()?;
            Ok((there.dev(), there.ino()) == (ours.dev(), ours.ino()))
        });
        if is_there.unwrap_or(false) {
            return;
        }
        if let Err(error) = self.reopen() {
            let path = self.path.display();
            let _ = writeln!(&self.file, "log: {path} can't be opened again: {error}");
        }
    }
}

impl Write for &LogFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(last) = bytes.last() else {
            return Ok(0);
        };
        // A line that is written in parts stays in one file.
        if self.at_line.swap(*last == b'\n', Ordering::Relaxed) {
            self.follow();
        }
        (&self.file).write_all(bytes)?;
        Ok(bytes.len())
    }

    /// In one write, so that a line stays whole.
    fn write_fmt(&mut self, text: fmt::Arguments<'_>) -> io::Result<()> {
        self.write_all(text.to_string().as_bytes())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Write for LogFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (&*self).write(bytes)
    }

    fn write_fmt(&mut self, text: fmt::Arguments<'_>) -> io::Result<()> {
        (&*self).write_fmt(text)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl AsFd for LogFile {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}

impl Drop for LogFile {
    fn drop(&mut self) {
        sys::reopen_no_more(self.file.as_fd());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log() -> (tempfile::TempDir, LogFile) {
        let directory = tempfile::tempdir().unwrap();
        let log = LogFile::open(directory.path().join("log")).unwrap();
        (directory, log)
    }

    #[test]
    fn a_line_after_the_file_was_moved_goes_to_a_new_one() {
        let (directory, mut log) = log();
        log.write_all(b"one\n").unwrap();
        fs::rename(log.path(), directory.path().join("old")).unwrap();
        log.write_all(b"two\n").unwrap();
        assert_eq!(
            fs::read_to_string(directory.path().join("old")).unwrap(),
            "one\n"
        );
        assert_eq!(fs::read_to_string(log.path()).unwrap(), "two\n");
    }

    #[test]
    fn a_line_in_parts_stays_in_one_file() {
        let (directory, mut log) = log();
        log.write_all(b"on").unwrap();
        fs::rename(log.path(), directory.path().join("old")).unwrap();
        log.write_all(b"e\n").unwrap();
        log.write_all(b"two\n").unwrap();
        assert_eq!(
            fs::read_to_string(directory.path().join("old")).unwrap(),
            "one\n"
        );
        assert_eq!(fs::read_to_string(log.path()).unwrap(), "two\n");
    }

    #[test]
    fn a_file_that_was_removed_is_made_again() {
        let (_directory, mut log) = log();
        fs::remove_file(log.path()).unwrap();
        log.write_all(b"one\n").unwrap();
        assert_eq!(fs::read_to_string(log.path()).unwrap(), "one\n");
    }

    #[test]
    fn what_can_not_be_opened_again_is_said_where_it_still_can() {
        let (directory, mut log) = log();
        let (path, old) = (log.path().to_owned(), directory.path().join("old"));
        fs::rename(&path, &old).unwrap();
        fs::create_dir(&path).unwrap();
        log.write_all(b"one\n").unwrap();
        let text = fs::read_to_string(&old).unwrap();
        assert!(
            text.starts_with("log: ") && text.ends_with("one\n"),
            "{text}"
        );
    }

    #[test]
    fn many_threads_lose_no_line_while_it_is_moved() {
        let (directory, log) = log();
        let old = |round: usize| directory.path().join(format!("old{round}"));
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let log = &log;
                scope.spawn(move || {
                    for line in 0..500 {
                        let mut log = log;
                        log.write_all(format!("{thread} {line}\n").as_bytes())
                            .unwrap();
                    }
                });
            }
            for round in 0..20 {
                let _ = fs::rename(log.path(), old(round));
                std::thread::yield_now();
            }
        });
        let files = (0..20).map(old).chain([log.path().to_owned()]);
        let text: String = files
            .map(|file| fs::read_to_string(file).unwrap_or_default())
            .collect();
        let mut lines: Vec<_> = text.lines().collect();
        lines.sort_unstable();
        lines.dedup();
        assert_eq!((lines.len(), text.lines().count()), (2000, 2000));
    }
}

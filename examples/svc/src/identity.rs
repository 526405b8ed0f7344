//! The identity of a process. Its number alone may belong to another process later.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::{env, fs, io};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{fstat, fstatfs};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, Signal, getpid, pidfd_open, pidfd_send_signal};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::stat::Stat;

/// The type of the file system of pidfds since Linux 6.9. There each process has a unique inode,
/// which is not reused while the machine runs.
const PIDFS: i64 = 0x5049_4446;

/// One boot of the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    boot: String,
    /// Whether the inode of a pidfd identifies its process.
    has_unique_inodes: bool,
}

impl Host {
    /// The current one.
    ///
    /// # Errors
    /// If `/proc` can't be read, or we lack the resources to look.
    pub fn this() -> Result<Self, Error> {
        let file = boot_id();
        let boot = fs::read_to_string(&file).map_err(|error| Error::file(&file, error))?;
        let ours = pidfd_open(getpid(), PidfdFlags::empty()).and_then(fstatfs);
        let system = seen(ours.map_err(io::Error::from)).map_err(Error::Processes)?;
        Ok(Self {
            boot: boot.trim().to_owned(),
            has_unique_inodes: system.is_some_and(|system| system.f_type == PIDFS),
        })
    }

    /// The inode of a pidfd, if it identifies the process.
    fn inode(&self, handle: &OwnedFd) -> io::Result<Option<u64>> {
        let inode = || Ok(fstat(handle)?.st_ino);
        self.has_unique_inodes.then(inode).transpose()
    }
}

/// The file that identifies a boot. Tests use their own.
fn boot_id() -> PathBuf {
    let own = env::var_os("SVC_BOOT_ID").filter(|_| cfg!(debug_assertions));
    own.map_or_else(|| "/proc/sys/kernel/random/boot_id".into(), PathBuf::from)
}

/// Identifies one process, across reboots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Its number.
    pub pid: i32,
    boot: String,
    /// The inode of its pidfd, where these are unique.
    inode: Option<u64>,
    /// The start time, in ticks since boot. Before Linux 6.9 there is nothing better.
    started: u64,
}

impl Identity {
    /// The identity of a process that cannot end unseen: our own, or an unreaped child.
    ///
    /// # Errors
    /// If there is no such process.
    pub fn of(pid: Pid, host: &Host) -> io::Result<Self> {
        let handle = pidfd_open(pid, PidfdFlags::empty())?;
        Process { pid, handle }.identity(started(pid)?, host)
    }

    /// Whether it is from an earlier boot.
    #[must_use]
    pub fn is_of_previous_boot(&self, host: &Host) -> bool {
        self.boot != host.boot
    }

    /// A handle of the process, if it still runs. It is neither another process with the same
    /// number nor a zombie.
    ///
    /// # Errors
    /// If we lack the resources to look.
    pub fn find(&self, host: &Host) -> io::Result<Option<Process>> {
        let pid = Pid::from_raw(self.pid).filter(|_| !self.is_of_previous_boot(host));
        let process = pid.map(Process::open).transpose()?.flatten();
        let Some(process) = process else {
            return Ok(None);
        };
        let same = match self.inode {
            Some(known) => seen(host.inode(&process.handle))?.flatten() == Some(known),
            // Read after the handle was opened, so that it describes the process of the handle.
            None => seen(started(process.pid))? == Some(self.started),
        };
        Ok((same && process.lives()).then_some(process))
    }
}

/// A process with a handle, which can reach no other process.
#[derive(Debug)]
pub struct Process {
    /// Its number, for messages.
    pub pid: Pid,
    handle: OwnedFd,
}

impl AsFd for Process {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.handle.as_fd()
    }
}

impl Process {
    /// The process with this number now.
    ///
    /// # Errors
    /// If we lack the resources to look.
    pub fn open(pid: Pid) -> io::Result<Option<Self>> {
        let handle = seen(pidfd_open(pid, PidfdFlags::empty()).map_err(io::Error::from))?;
        Ok(handle.map(|handle| Self { pid, handle }))
    }

    /// Its identity, with the given start time.
    ///
    /// # Errors
    /// If the system refuses.
    pub(crate) fn identity(&self, started: u64, host: &Host) -> io::Result<Identity> {
        Ok(Identity {
            pid: self.pid.as_raw_nonzero().get(),
            boot: host.boot.clone(),
            inode: host.inode(&self.handle)?,
            started,
        })
    }

    /// Sends a signal. If the process is gone, that is no error.
    ///
    /// # Errors
    /// If we may not signal it.
    pub fn signal(&self, signal: Signal) -> io::Result<()> {
        match pidfd_send_signal(&self.handle, signal) {
            Err(Errno::SRCH) | Ok(()) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether it still runs. A zombie does not.
    #[must_use]
    pub fn lives(&self) -> bool {
        !self.ends_within(std::time::Duration::ZERO)
    }

    /// How it ended, if the system reports that for a process that is not our child: in `/proc`
    /// before it is reaped, and through the handle afterwards.
    #[must_use]
    pub fn exit_status(&self, identity: &Identity) -> Option<ExitStatus> {
        let reaped = daemon::process::exit_status(self.handle.as_fd());
        reaped.ok().flatten().or_else(|| {
            let stat = Stat::of(self.pid).ok()?;
            let is_it = stat.is_zombie && stat.started == identity.started;
            is_it.then(|| ExitStatus::from_raw(stat.exit))
        })
    }

    /// Waits for its end, at most for this long.
    #[must_use]
    pub fn ends_within(&self, time: std::time::Duration) -> bool {
        readable_within(&self.handle, time)
    }
}

/// The facts about a process, if it exists and we may look. A lack of descriptors or memory is an
/// error, because it does not mean that the process is gone.
pub(crate) fn seen<T>(looked: io::Result<T>) -> io::Result<Option<T>> {
    match looked {
        Err(error)
            if matches!(
                error.raw_os_error(),
                Some(libc::EMFILE | libc::ENFILE | libc::ENOMEM)
            ) =>
        {
            Err(error)
        }
        looked => Ok(looked.ok()),
    }
}

/// Whether a descriptor becomes readable in time. A signal may shorten the wait.
pub(crate) fn readable_within(fd: impl AsFd, time: std::time::Duration) -> bool {
    let mut fds = [PollFd::new(&fd, PollFlags::IN)];
    let time = Timespec::try_from(time).ok();
    matches!(poll(&mut fds, time.as_ref()), Ok(ready) if ready > 0)
}

/// The start time of a process, in ticks since boot.
fn started(pid: Pid) -> io::Result<u64> {
    Ok(Stat::of(pid)?.started)
}

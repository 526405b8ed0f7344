//! The settings of a daemon.

use std::collections::BTreeMap;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::PathBuf;

use rustix::fs::{FileType, fstat};

use crate::log::LogFile;
use crate::pidfile::PidLockFile;
use crate::signals::{Action, Signal, default_map};

/// Whether [`DaemonContext::open`] leaves the terminal and the parent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Detach {
    /// Yes, unless the process was started by a supervisor: its parent is process 1, or standard
    /// input is a socket, as inetd makes it.
    #[default]
    Auto,
    /// Yes.
    Always,
    /// No.
    Never,
}

impl Detach {
    pub(crate) fn is_required(self) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => !has_init_as_parent() && !has_socket_as_stdin(),
        }
    }
}

fn has_init_as_parent() -> bool {
    rustix::process::getppid().is_some_and(rustix::process::Pid::is_init)
}

fn has_socket_as_stdin() -> bool {
    fstat(rustix::stdio::stdin())
        .is_ok_and(|found| FileType::from_raw_mode(found.st_mode) == FileType::Socket)
}

/// The settings of PEP 3143, with its defaults unless a method says otherwise.
///
/// It borrows the descriptors that the daemon keeps.
#[derive(Debug, Clone)]
#[must_use]
pub struct DaemonContext<'fd> {
    pub(crate) chroot_directory: Option<PathBuf>,
    pub(crate) working_directory: Option<PathBuf>,
    pub(crate) umask: Option<u32>,
    pub(crate) uid: Option<u32>,
    pub(crate) gid: Option<u32>,
    pub(crate) initgroups: bool,
    pub(crate) prevent_core: bool,
    pub(crate) detach: Detach,
    pub(crate) files_preserve: Vec<BorrowedFd<'fd>>,
    pub(crate) pidfile: Option<PidLockFile>,
    pub(crate) stdin: Option<BorrowedFd<'fd>>,
    pub(crate) stdout: Option<BorrowedFd<'fd>>,
    pub(crate) stderr: Option<BorrowedFd<'fd>>,
    pub(crate) signal_map: BTreeMap<Signal, Action>,
}

impl Default for DaemonContext<'_> {
    fn default() -> Self {
        Self {
            chroot_directory: None,
            working_directory: None,
            umask: None,
            uid: None,
            gid: None,
            initgroups: false,
            prevent_core: true,
            detach: Detach::Auto,
            files_preserve: Vec::new(),
            pidfile: None,
            stdin: None,
            stdout: None,
            stderr: None,
            signal_map: default_map(),
        }
    }
}

impl<'fd> DaemonContext<'fd> {
    /// The default settings.
    pub fn new() -> Self {
        Self::default()
    }

    /// The directory that becomes the root. All other paths are looked up inside it.
    pub fn chroot_directory(mut self, path: impl Into<PathBuf>) -> Self {
        self.chroot_directory = Some(path.into());
        self
    }

    /// The working directory. The default is `/`, which nobody wants to unmount.
    pub fn working_directory(mut self, path: impl Into<PathBuf>) -> Self {
        self.working_directory = Some(path.into());
        self
    }

    /// The umask: the permissions that new files do not get. The default is 0o022.
    ///
    /// PEP 3143 uses 0, so that each file gets the permissions that its creator asks for. Few ask:
    /// with 0, everybody can write to what a daemon creates.
    pub fn umask(mut self, umask: u32) -> Self {
        self.umask = Some(umask);
        self
    }

    /// The user of the daemon. The default is the real user, which drops the rights of a setuid
    /// program.
    ///
    /// A daemon that runs as another user cannot go back. A daemon that needs root for more than
    /// its start, such as to bind a port, drops its rights itself:
    /// [`Owner::drop_privileges`](crate::Owner::drop_privileges).
    pub fn uid(mut self, uid: u32) -> Self {
        self.uid = Some(uid);
        self
    }

    /// The group of the daemon. The default is the primary group of the user that was set, or else
    /// the real group.
    pub fn gid(mut self, gid: u32) -> Self {
        self.gid = Some(gid);
        self
    }

    /// Whether the daemon gets all groups of its user. If not, a daemon with another user or group
    /// is only in that group. python-daemon leaves it in all groups of its starter.
    pub fn initgroups(mut self, initgroups: bool) -> Self {
        self.initgroups = initgroups;
        self
    }

    /// Whether to prevent core dumps, which may contain secrets. The default is true.
    pub fn prevent_core(mut self, prevent_core: bool) -> Self {
        self.prevent_core = prevent_core;
        self
    }

    /// Whether [`open`](Self::open) detaches; [`spawn`](Self::spawn) always does.
    pub fn detach(mut self, detach: Detach) -> Self {
        self.detach = detach;
        self
    }

    /// Keeps the log open, and sends standard output and standard error to it.
    pub fn log(self, log: &'fd LogFile) -> Self {
        let file = log.as_fd();
        self.files_preserve(file).stdout(file).stderr(file)
    }

    /// Adds a descriptor that the daemon keeps open, beside its streams.
    ///
    /// All others are closed, even those that a live value owns: do not use such a value. In a
    /// debug build, dropping a `File` whose descriptor was closed this way aborts.
    pub fn files_preserve(mut self, file: BorrowedFd<'fd>) -> Self {
        self.files_preserve.push(file);
        self
    }

    /// The file that holds the id of the daemon, and prevents a second daemon.
    ///
    /// It is taken last, with the daemon's rights and inside its root.
    pub fn pidfile(mut self, pidfile: PidLockFile) -> Self {
        self.pidfile = Some(pidfile);
        self
    }

    /// The standard input. The default is `/dev/null`.
    pub fn stdin(mut self, file: BorrowedFd<'fd>) -> Self {
        self.stdin = Some(file);
        self
    }

    /// The standard output. The default is `/dev/null`.
    pub fn stdout(mut self, file: BorrowedFd<'fd>) -> Self {
        self.stdout = Some(file);
        self
    }

    /// The standard error. The default is `/dev/null`.
    pub fn stderr(mut self, file: BorrowedFd<'fd>) -> Self {
        self.stderr = Some(file);
        self
    }

    /// Sets the action on a signal. By default `SIGTSTP`, `SIGTTIN` and `SIGTTOU` are ignored and
    /// `SIGTERM` is [`Action::Terminate`]. A handler that the program installed before stays.
    /// Inherited ignored or blocked signals do not.
    pub fn signal_map(mut self, signal: Signal, action: Action) -> Self {
        self.signal_map.insert(signal, action);
        self
    }
}

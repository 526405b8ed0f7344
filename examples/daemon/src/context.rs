//! What kind of daemon a process is to become.

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
    /// Unless whoever has started us cares for that: our parent is process 1, or standard input
    /// is a socket, as inetd makes it.
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

/// The settings of PEP 3143, with its defaults except where said.
///
/// What it borrows are the descriptors that the daemon keeps.
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
    /// A context with the defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// The directory that becomes the root. All other paths are looked up within it.
    pub fn chroot_directory(mut self, path: impl Into<PathBuf>) -> Self {
        self.chroot_directory = Some(path.into());
        self
    }

    /// Where the daemon works; `/` unless set, which no one wants to unmount.
    pub fn working_directory(mut self, path: impl Into<PathBuf>) -> Self {
        self.working_directory = Some(path.into());
        self
    }

    /// The permissions that files don't get when they are made; 0o022 unless set.
    ///
    /// PEP 3143 has 0, so that each file gets what its maker asks for. But few makers ask: with 0
    /// all that a daemon creates can be written by everybody.
    pub fn umask(mut self, umask: u32) -> Self {
        self.umask = Some(umask);
        self
    }

    /// The user of the daemon; the real one unless set, which drops what a setuid program has.
    ///
    /// Once it runs as another user, the daemon can't come back. One that needs the rights of root for
    /// more than its start, to bind a port, drops them itself: [`Owner::drop_privileges`](crate::Owner::drop_privileges).
    pub fn uid(mut self, uid: u32) -> Self {
        self.uid = Some(uid);
        self
    }

    /// The group of the daemon; the primary group of the user if one was set, else the real one.
    pub fn gid(mut self, gid: u32) -> Self {
        self.gid = Some(gid);
        self
    }

    /// Whether the daemon gets all groups of its user. If not, a daemon with another user or group
    /// is in its group only; python-daemon leaves it in all those of its starter.
    pub fn initgroups(mut self, initgroups: bool) -> Self {
        self.initgroups = initgroups;
        self
    }

    /// Whether the daemon leaves no core dumps, with its secrets in them; it leaves none unless set.
    pub fn prevent_core(mut self, prevent_core: bool) -> Self {
        self.prevent_core = prevent_core;
        self
    }

    /// Whether [`open`](Self::open) detaches; [`spawn`](Self::spawn) always does.
    pub fn detach(mut self, detach: Detach) -> Self {
        self.detach = detach;
        self
    }

    /// Has the log stay open, and take what the daemon writes to its standard output and standard error.
    pub fn log(self, log: &'fd LogFile) -> Self {
        let file = log.as_fd();
        self.files_preserve(file).stdout(file).stderr(file)
    }

    /// Adds a descriptor that the daemon keeps open, besides those of its streams.
    ///
    /// All others are closed, also those that a value which lives on takes for its own: use them
    /// no more. In a debug build, dropping a `File` that was closed this way aborts.
    pub fn files_preserve(mut self, file: BorrowedFd<'fd>) -> Self {
        self.files_preserve.push(file);
        self
    }

    /// The file that holds the id of the daemon, and keeps another one from running.
    ///
    /// It is taken last, with the rights that the daemon then has, and within its root.
    pub fn pidfile(mut self, pidfile: PidLockFile) -> Self {
        self.pidfile = Some(pidfile);
        self
    }

    /// Where the standard input comes from; `/dev/null` unless set.
    pub fn stdin(mut self, file: BorrowedFd<'fd>) -> Self {
        self.stdin = Some(file);
        self
    }

    /// Where the standard output goes; `/dev/null` unless set.
    pub fn stdout(mut self, file: BorrowedFd<'fd>) -> Self {
        self.stdout = Some(file);
        self
    }

    /// Where the standard error goes; `/dev/null` unless set.
    pub fn stderr(mut self, file: BorrowedFd<'fd>) -> Self {
        self.stderr = Some(file);
        self
    }

    /// What a signal does. Unless set, `SIGTSTP`, `SIGTTIN` and `SIGTTOU` are ignored, and
    /// `SIGTERM` is [`Action::Terminate`]; a handler that the program has installed before stays,
    /// and what it has inherited as ignored or blocked no longer is.
    pub fn signal_map(mut self, signal: Signal, action: Action) -> Self {
        self.signal_map.insert(signal, action);
        self
    }
}

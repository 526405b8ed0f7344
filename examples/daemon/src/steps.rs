//! The single steps from a process to a daemon, in the order of PEP 3143.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd};
use std::path::Path;

use rustix::fs::Mode;
use rustix::process::{self, Resource, Rlimit};
use rustix::stdio;

use crate::close::close_all_but;
use crate::context::DaemonContext;
use crate::failure::Failure;
use crate::owner::Owner;
use crate::pidfile::PidLock;
use crate::report::{Reporter, relay};
use crate::signals;
use crate::sys::{self, SingleThread, exit_now};

/// The default umask.
const UMASK: u32 = 0o022;

type Step<T = ()> = Result<T, Failure>;

/// Lookups before the first step, because they may be out of reach after it.
pub(crate) struct Steps<'a> {
    context: &'a DaemonContext<'a>,
    owner: Owner,
    null: File,
    thread: SingleThread,
}

impl<'a> Steps<'a> {
    pub(crate) fn new(context: &'a DaemonContext<'a>) -> Step<Self> {
        let thread = SingleThread::check().map_err(Failure::stage("fork"))?;
        let owner = Owner::new(context.uid, context.gid, context.initgroups);
        let owner = owner.map_err(Failure::stage("owner"))?;
        let null = OpenOptions::new().read(true).write(true).open("/dev/null");
        let null = null.map_err(|error| Failure::new("streams", &error).at("/dev/null"))?;
        Ok(Self {
            context,
            owner,
            null,
            thread,
        })
    }

    /// The steps that work in any process.
    pub(crate) fn enter(&self) -> Step {
        self.change_root()?;
        self.prevent_core()?;
        set_umask(self.context.umask.unwrap_or(UMASK));
        change_directory(self.directory().unwrap_or(Path::new("/")))?;
        self.change_owner()
    }

    /// The steps for a process that stays in the foreground. Only the settings that were given
    /// change.
    pub(crate) fn enter_here(&self) -> Step {
        self.change_root()?;
        if let Some(umask) = self.context.umask {
            set_umask(umask);
        }
        if let Some(directory) = self.directory() {
            change_directory(directory)?;
        }
        self.change_owner()
    }

    /// The working directory, if one was given. The old directory is outside of a new root.
    fn directory(&self) -> Option<&Path> {
        let root = self
            .context
            .chroot_directory
            .as_ref()
            .map(|_| Path::new("/"));
        self.context.working_directory.as_deref().or(root)
    }

    /// The steps of a daemon.
    pub(crate) fn settle(self, report: Option<&Reporter>) -> Step<Option<PidLock>> {
        self.set_signals()?;
        self.close_descriptors(report)?;
        self.redirect_streams()?;
        self.enter_pidfile()
    }

    fn change_root(&self) -> Step {
        let Some(path) = &self.context.chroot_directory else {
            return Ok(());
        };
        // Entered first, so that the root is exactly the directory that was entered.
        let entered = process::chdir(path).and_then(|()| process::chroot("."));
        entered.map_err(|error| Failure::new("chroot", &error.into()).at(path))
    }

    fn prevent_core(&self) -> Step {
        let none = Rlimit {
            current: Some(0),
            maximum: Some(0),
        };
        if self.context.prevent_core {
            process::setrlimit(Resource::Core, none).map_err(Failure::stage("core"))
        } else {
            Ok(())
        }
    }

    fn change_owner(&self) -> Step {
        self.owner
            .drop_privileges()
            .map_err(Failure::stage("owner"))
    }

    /// Forks the future daemon. It is in a new session and is not its leader, so it never gets a
    /// terminal. Only the daemon returns from this.
    pub(crate) fn detach(&self, report: Reporter) -> (Reporter, Step) {
        let forked = process::setsid()
            .map_err(Failure::stage("setsid"))
            .and_then(|_| signals::expect_children().map_err(Failure::stage("signals")))
            .and_then(|()| io::pipe().map_err(Failure::stage("pipe")))
            .and_then(|pipe| Ok((pipe, self.fork()?)));
        match forked {
            Err(failure) => (report, Err(failure)),
            Ok(((_, writer), None)) => (report.through(writer), Ok(())),
            Ok(((reader, writer), Some(daemon))) => {
                drop(writer);
                relay(reader, report, daemon);
                exit_now(0)
            }
        }
    }

    /// Forks, with the name of the stage.
    pub(crate) fn fork(&self) -> Step<Option<process::Pid>> {
        sys::fork(&self.thread).map_err(Failure::stage("fork"))
    }

    fn set_signals(&self) -> Step {
        let pidfile = self.context.pidfile.is_some();
        signals::install(&self.context.signal_map, pidfile).map_err(Failure::stage("signals"))
    }

    fn close_descriptors(&self, report: Option<&Reporter>) -> Step {
        let streams = self.streams();
        let preserved = self.context.files_preserve.iter().chain(&streams);
        let mut keep: Vec<RawFd> = preserved.map(AsRawFd::as_raw_fd).collect();
        let report = report.and_then(Reporter::descriptor);
        keep.extend(report.map(|pipe| pipe.as_raw_fd()));
        keep.push(self.null.as_raw_fd());
        // These are about to be replaced, and no other file may get their numbers before.
        keep.extend([0, 1, 2]);
        close_all_but(&keep).map_err(Failure::stage("close"))
    }

    fn streams(&self) -> [BorrowedFd<'_>; 3] {
        let context = self.context;
        [context.stdin, context.stdout, context.stderr]
            .map(|stream| stream.unwrap_or(self.null.as_fd()))
    }

    fn redirect_streams(&self) -> Step {
        // Copies first, because the output may be the current standard input.
        let copies = self
            .streams()
            .map(|fd| rustix::io::fcntl_dupfd_cloexec(fd, 3));
        let [stdin, stdout, stderr] = copies;
        let set = || {
            stdio::dup2_stdin(stdin?)?;
            stdio::dup2_stdout(stdout?)?;
            stdio::dup2_stderr(stderr?)
        };
        set().map_err(Failure::stage("streams"))
    }

    /// Takes the pid file, and removes it on the signals that end a foreground process.
    pub(crate) fn enter_pidfile_here(&self) -> Step<Option<PidLock>> {
        let lock = self.enter_pidfile()?;
        if lock.is_some() {
            signals::leave_here().map_err(Failure::stage("signals"))?;
        }
        Ok(lock)
    }

    fn enter_pidfile(&self) -> Step<Option<PidLock>> {
        let Some(pidfile) = &self.context.pidfile else {
            return Ok(None);
        };
        let path = pidfile.path();
        let lock = pidfile.acquire(None);
        let lock = lock.map_err(|error| error.at_stage("pidfile", path))?;
        let left = lock.leave_at_signal();
        left.map_err(|error| Failure::new("pidfile", &error).at(path))?;
        Ok(Some(lock))
    }
}

fn set_umask(umask: u32) {
    process::umask(Mode::from_raw_mode(umask));
}

fn change_directory(path: &Path) -> Step {
    process::chdir(path).map_err(|error| Failure::new("chdir", &error.into()).at(path))
}

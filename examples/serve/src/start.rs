//! From the command line to a process that serves.

use std::path::PathBuf;
use std::process::ExitCode;
use std::{env, io};

use daemon::{
    DaemonContext, Detach, Failure, PidLock, PidLockError, PidLockFile, Reporter, process,
};

use crate::handover::Handover;
use crate::parent::Parent;
use crate::server::{Options, Plan, Server};
use crate::worker::{self, Post};
use crate::{Error, logger, notify};

/// The default pid file of a daemon.
const PID_FILE: &str = "serve.pid";

/// The default umask of a daemon.
const UMASK: u32 = 0o077;

/// Becomes a daemon if asked to, and serves. Nothing is opened before the daemon exists.
pub(crate) fn start(
    server: Server,
    load: impl FnOnce(Server) -> Result<Plan, Error>,
) -> Result<ExitCode, Error> {
    // Lookups happen while their files can still be read.
    server.owner()?;
    let program = env::current_exe()?;
    if let Some(before) = Handover::take()? {
        return go_on(server, load, program, before);
    }
    let options = &server.options;
    let is_output = options
        .log_file
        .as_ref()
        .is_some_and(|file| file.as_os_str() == "-");
    if is_output && !options.no_daemon {
        return Err(Error::NoOutput);
    }
    let pid_file = pid_file(options)?;
    Ok(daemon(options)?.run(|reporter| {
        let lock = pid_file.map(|file| lock(&file)).transpose();
        let ended = lock.and_then(|lock| serve(server, load, program, lock, reporter));
        ended.map_err(|error| failure(&error))
    }))
}

fn daemon(options: &Options) -> Result<DaemonContext<'static>, Error> {
    let mut context = DaemonContext::new();
    if options.no_daemon {
        context = context.detach(Detach::Never);
    } else {
        let here = env::current_dir().map_err(|error| Error::file(".", error))?;
        context = context.detach(Detach::Always).umask(UMASK);
        if options.chroot.is_none() {
            context = context.working_directory(here);
        }
    }
    if let Some(umask) = options.umask {
        context = context.umask(umask);
    }
    if let Some(root) = &options.chroot {
        context = context.chroot_directory(root);
    }
    if let Some(directory) = &options.run_dir {
        context = context.working_directory(directory);
    }
    Ok(context)
}

/// The path becomes absolute here, relative to the user's directory.
fn pid_file(options: &Options) -> Result<Option<PidLockFile>, Error> {
    let path = match &options.pid_file {
        None if options.no_daemon => return Ok(None),
        None => PID_FILE.as_ref(),
        Some(path) => path.as_path(),
    };
    let file = PidLockFile::new(path).map_err(|error| Error::file(path, error))?;
    Ok(Some(file))
}

fn lock(file: &PidLockFile) -> Result<PidLock, Error> {
    file.acquire(None).map_err(|error| match error {
        PidLockError::AlreadyLocked { pid } => Error::Runs(file.path().to_owned(), pid),
        PidLockError::Failed(path, error) => Error::file(path, error),
        other => Error::other(other),
    })
}

/// A failure with the text of the error and nothing else.
fn failure(error: &Error) -> Failure {
    Failure {
        stage: error.to_string(),
        path: None,
        errno: 0,
        detail: String::new(),
        exit_code: 1,
    }
}

fn serve(
    server: Server,
    load: impl FnOnce(Server) -> Result<Plan, Error>,
    program: PathBuf,
    lock: Option<PidLock>,
    reporter: &mut Reporter,
) -> Result<u8, Error> {
    logger::open(&server)?;
    let plan = load(server)?;
    plan.server.listener()?;
    if plan.server.options.workers.count() == 0 {
        return alone(&plan, lock, reporter);
    }
    let parent = Parent::new(plan, program, lock)?;
    parent.run(|| {
        reporter.ready("");
    })
}

/// Serves in this process.
fn alone(plan: &Plan, lock: Option<PidLock>, reporter: &mut Reporter) -> Result<u8, Error> {
    let post = Post {
        slot: 1,
        generation: 1,
        parent: None,
    };
    let signal = worker::work(plan, post, || {
        log::info!("ready, on {}", crate::listener::address(&plan.server));
        notify::ready();
        reporter.ready("");
    })?;
    drop(lock);
    end(signal)
}

/// Ends by the signal if it is one that ends a program, so that the parent sees it.
pub(crate) fn end(signal: daemon::Signal) -> Result<u8, Error> {
    match signal {
        daemon::Signal::SIGTERM | daemon::Signal::SIGINT => process::end_by(signal),
        _ => Ok(0),
    }
}

/// Serves in place of the program that this process was before.
fn go_on(
    server: Server,
    load: impl FnOnce(Server) -> Result<Plan, Error>,
    program: PathBuf,
    before: Handover,
) -> Result<ExitCode, Error> {
    logger::open(&server)?;
    let (kept, workers, lock) = (before.kept, before.workers, before.lock);
    let lock = match (lock, pid_file(&server.options)?) {
        (Some(lock), Some(file)) => Some(file.adopt(lock)?),
        _ => None,
    };
    let plan = load(server.with(kept))?;
    let parent = Parent::new(plan, program, lock)?.with(workers);
    let code = parent.run(|| ())?;
    let _ = io::Write::flush(&mut io::stdout());
    Ok(ExitCode::from(code))
}

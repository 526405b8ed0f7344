//! How a process becomes a service: its streams, its directory, its environment, its program.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::{env, io};

use command_fds::{CommandFdExt, FdMapping};
use rustix::fs::Mode;
use rustix::io::fcntl_dupfd_cloexec;
use rustix::process::{Pid, setpriority_process};

use crate::account::Account;
use crate::limits::Bounds;
use crate::mark::Mark;
use crate::notices::Notices;
use crate::program;
use crate::service::Service;
use crate::streams::Streams;
use crate::surroundings::Surroundings;
use daemon::{Failure, process};

/// Whether a service has a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// No: it has its own session, and its streams are files.
    Back,
    /// Yes: ours, with our streams.
    Fore,
}

/// Everything that the process of a service gets.
pub struct Spawn<'a> {
    /// What to run.
    pub service: &'a Service,
    /// Where it was started.
    pub surroundings: &'a Surroundings,
    /// The file of its state.
    pub state: &'a Path,
    /// Its streams, if these are not ours.
    pub streams: Option<Streams>,
    /// Where it reports that it is ready.
    pub notices: Option<&'a mut Notices>,
    /// Its user, if that is not ours.
    pub account: Option<Account>,
    /// Its limits.
    pub bounds: Bounds,
}

/// Starts the program of a service. The new process calls `record` just before it executes the
/// program, so there is no instant in which the service runs unrecorded.
///
/// # Errors
/// The first step that failed, and why.
pub fn spawn(
    spawn: Spawn,
    record: impl FnMut() -> io::Result<()> + Send + Sync + 'static,
) -> Result<Pid, Failure> {
    let service = spawn.service;
    let environment = environment(&spawn);
    let program = program::find(service, &environment)?;
    let mut command = Command::new(&program);
    command
        .arg0(&service.command[0])
        .args(&service.command[1..]);
    command.env_clear().envs(environment);
    let session = Session::of(spawn.streams.is_some());
    if let Some(streams) = spawn.streams {
        command
            .stdin(streams.stdin)
            .stdout(streams.stdout)
            .stderr(streams.stderr);
    }
    let held = spawn
        .notices
        .and_then(Notices::descriptor)
        .map(|(writer, number)| hand_over(&mut command, writer, number))
        .transpose()?;
    let (mut steps, failed_step) = io::pipe().map_err(|error| Failure::new("fork", &error))?;
    let become_it = become_service(
        session,
        service,
        spawn.bounds,
        spawn.account,
        record,
        failed_step,
    );
    let child = in_directory(&service.working_directory, || {
        process::spawn_calling(&mut command, become_it)
    })?;
    // With it goes our end of the pipe.
    drop((command, held));
    let child = child.map_err(|error| {
        let mut step = String::new();
        match steps.read_to_string(&mut step) {
            Ok(1..) => Failure::new(step, &error),
            _ => program::explain(&program, &error),
        }
    })?;
    Ok(Pid::from_child(&child))
}

/// Whether a service leads a session.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Session {
    Own,
    Ours,
}

impl Session {
    fn of(is_in_background: bool) -> Self {
        if is_in_background {
            Self::Own
        } else {
            Self::Ours
        }
    }
}

/// The steps of the new process. The system's error does not tell which of them failed, so that is
/// written to `failed_step`.
fn become_service(
    session: Session,
    service: &Service,
    bounds: Bounds,
    account: Option<Account>,
    mut record: impl FnMut() -> io::Result<()> + Send + Sync + 'static,
    mut failed_step: io::PipeWriter,
) -> impl FnMut() -> io::Result<()> + Send + Sync + 'static {
    let (nice, umask) = (service.nice, service.umask);
    move || {
        if session == Session::Own {
            rustix::process::setsid()?;
        }
        // The service does not inherit our ignored or blocked signals.
        process::reset_signals()?;
        record()?;
        let mut failed = |step: &str, error: io::Error| {
            let _ = failed_step.write_all(step.as_bytes());
            error
        };
        if let Some(nice) = nice {
            setpriority_process(None, nice).map_err(|error| failed("nice", error.into()))?;
        }
        if let Some(umask) = umask {
            rustix::process::umask(Mode::from_bits_truncate(umask));
        }
        // Before the user, because only root may raise a limit.
        bounds
            .bind()
            .map_err(|(limit, error)| failed(&limit, error))?;
        if let Some(account) = &account {
            account.take_on().map_err(|error| failed("user", error))?;
        }
        Ok(())
    }
}

/// Gives the new process a descriptor with this number. Returns something that holds the number
/// here, because a descriptor which the standard library opens for the new process must not get it.
fn hand_over(command: &mut Command, descriptor: OwnedFd, number: i32) -> Result<OwnedFd, Failure> {
    let failed = |error: io::Error| Failure::new("notify", &error);
    let held = fcntl_dupfd_cloexec(&descriptor, number).map_err(|error| failed(error.into()))?;
    let mapping = FdMapping {
        parent_fd: descriptor,
        child_fd: number,
    };
    let mapped = command.fd_mappings(vec![mapping]);
    mapped.map_err(|error| failed(io::Error::other(error)))?;
    Ok(held)
}

/// Runs a function in another directory, for relative paths.
///
/// The parent changes the directory, not the child, because a child could not tell a missing
/// directory from a missing program.
fn in_directory<T>(directory: &Path, act: impl FnOnce() -> T) -> Result<T, Failure> {
    let failure = |error| Failure::new("chdir", &error).at(directory);
    let here = env::current_dir().unwrap_or_else(|_| "/".into());
    env::set_current_dir(directory).map_err(failure)?;
    let done = act();
    env::set_current_dir(&here).map_err(failure)?;
    Ok(done)
}

fn environment(spawn: &Spawn) -> Vec<(OsString, OsString)> {
    let base = spawn.surroundings.environment.iter();
    let base = base.map(|(name, value)| (name.into(), value.clone()));
    let login = spawn.account.iter().flat_map(Account::environment);
    let service = spawn.service;
    let own = service
        .env
        .iter()
        .map(|(name, value)| (name.into(), value.into()));
    let notify = spawn.notices.as_deref().and_then(Notices::variable);
    let named = [
        ("SVC_NAME".into(), service.name.as_str().into()),
        (Mark::NAME.into(), spawn.state.into()),
    ];
    // The last value of a name counts.
    base.chain(login)
        .chain(own)
        .chain(named)
        .chain(notify)
        .collect()
}

//! How a process becomes a service: its streams, its directory, its environment, its program.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs, io};

use command_fds::{CommandFdExt, FdMapping};
use rustix::fs::{Mode, OFlags, fcntl_getfl, fcntl_setfl};
use rustix::io::fcntl_dupfd_cloexec;
use rustix::process::{Pid, setpriority_process};

use crate::account::Account;
use crate::limits::Bounds;
use crate::log::Stream;
use crate::log::sink::Logger;
use crate::notices::Notices;
use crate::service::{Output, Service};
use crate::surroundings::Surroundings;
use crate::tree::Mark;
use daemon::{Failure, process};

/// The default search path.
const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// The stage of a failure to execute the program.
const EXEC: &str = "exec";

/// The exit code of a failed start, as in a shell: 127 if the program does not exist, 126 if it
/// cannot be executed, 1 for every earlier step.
#[must_use]
pub fn exit_code(failure: &Failure) -> u8 {
    match failure.errno {
        _ if failure.stage != EXEC => 1,
        libc::ENOENT => 127,
        _ => 126,
    }
}

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
    let program = find_program(service, &environment)?;
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
            _ => explain(&program, &error),
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

/// The streams of a service in the background.
pub struct Streams {
    stdin: File,
    stdout: Stdio,
    stderr: Stdio,
}

impl Streams {
    /// Opens the streams of a service. The logger takes those that go to its log.
    ///
    /// # Errors
    /// The stream that can't be opened, and why.
    pub fn open(service: &Service, logger: Option<&Logger>) -> Result<Self, Failure> {
        let stdin = stream("stdin", &service.stdin, OpenOptions::new().read(true))?;
        let mut append = OpenOptions::new();
        append.append(true).create(true).mode(0o644);
        let mut output = |stage: &str, of: Stream, output: &Output| match (output, logger) {
            (Output::File(path), _) => stream(stage, path, &mut append).map(Stdio::from),
            (Output::Log, Some(logger)) => {
                let pipe = logger.writer(of);
                pipe.map(Stdio::from)
                    .map_err(|error| Failure::new(stage, &error))
            }
            (Output::Log, None) => Ok(Stdio::null()),
        };
        let stdout = output("stdout", Stream::Out, &service.stdout)?;
        let stderr = output("stderr", Stream::Err, &service.stderr)?;
        Ok(Self {
            stdin,
            stdout,
            stderr,
        })
    }
}

/// Opens a stream. It does not follow links, which could lead us to write elsewhere, does not wait
/// for the other end of a pipe, and never makes a terminal ours.
fn stream(stage: &str, file: &Path, options: &mut OpenOptions) -> Result<File, Failure> {
    let flags = libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY;
    let opened = options.custom_flags(flags).open(file).and_then(|stream| {
        let flags = fcntl_getfl(&stream)?;
        fcntl_setfl(&stream, flags - OFlags::NONBLOCK)?;
        Ok(stream)
    });
    opened.map_err(|error| match error.raw_os_error() {
        Some(libc::ELOOP) => Failure::because(stage, "it is a symbolic link").at(file),
        _ => Failure::new(stage, &error).at(file),
    })
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

/// The file of the program, found as a shell would find it.
fn find_program(
    service: &Service,
    environment: &[(OsString, OsString)],
) -> Result<PathBuf, Failure> {
    let program = Path::new(&service.command[0]);
    if program.components().count() > 1 || program.is_absolute() {
        return Ok(service.working_directory.join(program));
    }
    let path = environment.iter().rev().find(|(name, _)| name == "PATH");
    let path = path.map_or_else(|| PATH.into(), |(_, value)| value.clone());
    let found = env::split_paths(&path)
        .map(|directory| service.working_directory.join(directory).join(program))
        .find(|file| is_program(file));
    let nowhere = || io::Error::from_raw_os_error(libc::ENOENT);
    found.ok_or_else(|| exec_failure(program, "it is nowhere in PATH", &nowhere()))
}

fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(file).is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

/// Why a program could not be started. The system's error does not tell a failed fork from a failed
/// program, except by its reason.
fn explain(program: &Path, error: &io::Error) -> Failure {
    match error.raw_os_error() {
        // We have other threads.
        None => Failure::new("fork", error),
        // The file exists, so its interpreter is missing.
        Some(libc::ENOENT) if program.exists() => {
            let what = match interpreter(program) {
                Some(interpreter) => format!("its interpreter {interpreter}"),
                None => "its loader".to_owned(),
            };
            exec_failure(program, &what, error)
        }
        Some(libc::EACCES) if program.is_dir() => exec_failure(program, "it is a directory", error),
        // No program fails like this: the state could not be written.
        Some(libc::ENOSPC | libc::EROFS | libc::EDQUOT) => Failure::new("state", error),
        Some(libc::EAGAIN | libc::ENOMEM | libc::EMFILE | libc::ENFILE) => {
            Failure::new("fork", error)
        }
        _ => exec_failure(program, "", error),
    }
}

fn exec_failure(program: &Path, detail: &str, error: &io::Error) -> Failure {
    Failure {
        detail: detail.to_owned(),
        ..Failure::new(EXEC, error).at(program)
    }
}

/// The interpreter in the first line of a script.
fn interpreter(program: &Path) -> Option<String> {
    let mut start = [0; 256];
    let length = File::open(program).ok()?.read(&mut start).ok()?;
    let text = String::from_utf8_lossy(&start[..length]).into_owned();
    let line = text.strip_prefix("#!")?.lines().next()?;
    Some(line.split_whitespace().next()?.to_owned())
}

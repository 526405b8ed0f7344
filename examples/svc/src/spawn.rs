//! How a process becomes a service: its streams, its directory, its environment, its program.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs, io};

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::process::Pid;

use crate::log::Stream;
use crate::log::sink::Logger;
use crate::ready::{Ready, notify_socket};
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

/// Starts the program of a service. The new process calls `record` just before it executes the
/// program, so there is no instant in which the service runs unrecorded. `state` is the file of the
/// state.
///
/// # Errors
/// The first step that failed, and why.
pub fn spawn(
    service: &Service,
    surroundings: &Surroundings,
    state: &Path,
    streams: Option<Streams>,
    mut record: impl FnMut() -> io::Result<()> + Send + Sync + 'static,
) -> Result<Pid, Failure> {
    let environment = environment(service, surroundings, state);
    let program = find_program(service, &environment)?;
    let mut command = Command::new(&program);
    command
        .arg0(&service.command[0])
        .args(&service.command[1..]);
    command.env_clear().envs(environment);
    let in_background = streams.is_some();
    if let Some(streams) = streams {
        command
            .stdin(streams.stdin)
            .stdout(streams.stdout)
            .stderr(streams.stderr);
    }
    // The service does not inherit our ignored or blocked signals.
    let become_it = move || {
        if in_background {
            rustix::process::setsid()?;
        }
        process::reset_signals()?;
        record()
    };
    let child = in_directory(&service.working_directory, || {
        process::spawn_calling(&mut command, become_it)
    })?;
    let child = child.map_err(|error| explain(&program, &error))?;
    Ok(Pid::from_child(&child))
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

fn environment(
    service: &Service,
    surroundings: &Surroundings,
    state: &Path,
) -> Vec<(OsString, OsString)> {
    let base = surroundings.environment.iter();
    let base = base.map(|(name, value)| (name.into(), value.clone()));
    let own = service
        .env
        .iter()
        .map(|(name, value)| (name.into(), value.into()));
    let notify = (service.ready == Some(Ready::Notify))
        .then(|| ("NOTIFY_SOCKET".into(), notify_socket(state).into()));
    let named = [
        ("SVC_NAME".into(), service.name.as_str().into()),
        (Mark::NAME.into(), state.into()),
    ];
    // The last value of a name counts.
    base.chain(own).chain(named).chain(notify).collect()
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
    use io::Read;
    let mut start = [0; 256];
    let length = File::open(program).ok()?.read(&mut start).ok()?;
    let text = String::from_utf8_lossy(&start[..length]).into_owned();
    let line = text.strip_prefix("#!")?.lines().next()?;
    Some(line.split_whitespace().next()?.to_owned())
}

//! The errors, one line each, and their exit codes.

use std::error::Error as StdError;
use std::path::{Path, PathBuf};
use std::{fmt, io};

use crate::name::Name;
use crate::pattern::Pattern;
use crate::program;
use daemon::DaemonError;

/// The exit codes of the program, for its help.
pub const EXIT_CODES: &str = "\
Exit codes:
  0    it is done
  1    it failed
  2    the command line is wrong
  3    the service does not run (status, signal), or there is no registry
  4    there is no such service
  5    the registry was made by a newer svc
  6    the registry is damaged
  126  the program of the service can't be executed
  127  the program of the service was not found";

/// The reason why a command failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// There is no home directory to keep a registry in.
    NoHome,
    /// A file or directory cannot be used.
    File(PathBuf, io::Error),
    /// There is no registry yet.
    Uninitialized(PathBuf),
    /// There is no service with that name. These names are similar.
    Unknown(Name, Vec<Name>),
    /// The text is not a name of a service.
    NoMatch(Pattern),
    /// A service does not run.
    Idle(Name),
    /// The service exists already.
    Exists(Name),
    /// A newer program has made the registry, of this version if it is known.
    Newer(PathBuf, u32, u32),
    /// The file is not a registry, or is damaged.
    Damaged(PathBuf, String),
    /// Another program keeps the registry locked.
    Locked(PathBuf),
    /// A service runs, and is not in the registry.
    Hidden(Name),
    /// SQLite refused, for another reason.
    Registry(PathBuf, rusqlite::Error),
    /// The file belongs to another program.
    Foreign(PathBuf),
    /// Others could change the file, so it is not trusted.
    Untrusted(PathBuf, String),
    /// Services that each start after another of them.
    Circle(Vec<Name>),
    /// A file to import cannot be understood, for this reason.
    Import(PathBuf, String),
    /// Services cannot be started after a reboot, for this reason.
    Boot(String),
    /// The page cannot be served, for this reason.
    Web(String),
    /// The process that was to finish a command's work did not finish it.
    CutOff(DaemonError),
    /// A service could not be started: the step that failed.
    Start(Name, DaemonError),
    /// A service was started, but does not count as started, for this reason.
    Unready(Name, String),
    /// A service did not stop, for this reason.
    Stop(Name, String),
    /// We may not signal a process of a service.
    Signal(Name, io::Error),
    /// A service does not stop, because we may not signal this process.
    Refused(Name, i32),
    /// We lack the resources to look for the processes of a service.
    Processes(io::Error),
    /// Nobody has said how a service reads its configuration again.
    NoReload(Name),
    /// The command that reloads a service failed, for this reason.
    Reload(Name, String),
    /// A service runs, and should not.
    Runs(Name),
    /// A service runs without a shim, as this process.
    Orphan(Name, i32),
    /// A service runs, as this process, but its state can't be read.
    Lost(Name, i32),
    /// Another command handles the service, and does not finish.
    Busy(Name),
    /// The output of a service is not kept.
    NoLog(Name),
    /// Some words are not a command line.
    Words(shell_words::ParseError),
    /// There are no words of a command line.
    NoCommand(Name),
    /// The words of a command line name no program.
    EmptyCommand,
    /// Standard output cannot be written.
    Output(io::Error),
    /// Something cannot be shown as JSON.
    Json(serde_json::Error),
    /// A service that the registry cannot keep, with the reason.
    Invalid(Name, &'static str),
}

impl Error {
    /// The error for a file that cannot be used.
    pub fn file(path: impl AsRef<Path>, error: io::Error) -> Self {
        Self::File(path.as_ref().to_owned(), error)
    }

    /// The exit code of the program.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Uninitialized(_) | Self::Idle(_) => 3,
            Self::Unknown(..) | Self::NoMatch(_) | Self::Hidden(_) => 4,
            Self::Newer(..) => 5,
            Self::Damaged(..) | Self::Foreign(_) => 6,
            Self::Words(_) | Self::NoCommand(_) | Self::EmptyCommand => 2,
            Self::Start(_, DaemonError::Failed(failure)) => program::exit_code(failure),
            _ => 1,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoHome => f.write_str("there is no home directory: give the registry as `--db`"),
            Self::File(path, error) => write!(f, "{}: {}", path.display(), reason(error)),
            Self::Uninitialized(path) => write!(
                f,
                "there is no registry {}: run `svc initialize`",
                path.display()
            ),
            Self::Idle(name) => write!(f, "`{name}` does not run"),
            Self::NoMatch(pattern) => write!(f, "there is no service like `{pattern}`"),
            Self::Unknown(name, near) => {
                write!(f, "there is no service `{name}`")?;
                let near: Vec<_> = near.iter().map(|name| format!("`{name}`")).collect();
                match &near[..] {
                    [] => Ok(()),
                    near => write!(f, ", but {}", near.join(", ")),
                }
            }
            Self::Exists(name) => write!(f, "there is a service `{name}` already"),
            Self::Newer(path, found, known) => write!(
                f,
                "{} was made by a newer svc: its form is {found}, this program knows up to {known}",
                path.display()
            ),
            Self::Damaged(path, reason) => write!(
                f,
                "{} is damaged ({reason}): run `svc recover`",
                path.display()
            ),
            Self::Locked(path) => write!(
                f,
                "{}: another program has it locked, and does not end",
                path.display()
            ),
            Self::Hidden(name) => write!(
                f,
                "`{name}` runs, but is not in the registry: `svc recover` brings it back"
            ),
            Self::Registry(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Circle(names) => circle(f, names),
            Self::Import(path, why) => write!(f, "{}: {why}", path.display()),
            Self::Boot(why) => write!(f, "nothing starts services with the machine here: {why}"),
            Self::Web(why) => f.write_str(why),
            Self::CutOff(error) => write!(f, "it was cut off: {error}"),
            Self::Start(name, error) => write!(f, "{name}: {error}"),
            Self::Unready(name, why) | Self::Stop(name, why) | Self::Reload(name, why) => {
                write!(f, "{name}: {why}")
            }
            Self::Signal(name, error) => write!(f, "{name}: can't be signalled: {}", reason(error)),
            Self::Refused(name, pid) => write!(
                f,
                "`{name}` does not stop: process {pid} of it is another user's, who has to end it"
            ),
            Self::Processes(error) => {
                write!(f, "can't look for processes: {}", reason(error))
            }
            Self::NoReload(name) => write!(
                f,
                "nothing says how `{name}` reads its configuration again: `svc edit {name} --reload HUP`"
            ),
            Self::Runs(name) => write!(f, "`{name}` runs: stop it first"),
            Self::Orphan(name, pid) => write!(
                f,
                "`{name}` runs as {pid}, and its shim was killed: `svc start {name}` gives it one again"
            ),
            Self::Lost(name, pid) => write!(
                f,
                "`{name}` runs as {pid}, but its state or its lock is gone: `svc restart {name}` mends that"
            ),
            Self::Busy(name) => write!(f, "another command has `{name}` in hand for too long"),
            Self::NoLog(name) => write!(
                f,
                "`{name}` writes to no file: `svc edit {name} --log` keeps what it writes"
            ),
            Self::Words(error) => write!(f, "that is no command line: {error}"),
            Self::NoCommand(name) => {
                write!(
                    f,
                    "what is `{name}` to run? Give a command line, or words after `--`"
                )
            }
            Self::EmptyCommand => f.write_str("that is no command line: it names no program"),
            Self::Output(error) => write!(f, "standard output: {}", reason(error)),
            Self::Json(error) => write!(f, "that can't be shown as JSON: {error}"),
            Self::Foreign(path) => write!(
                f,
                "{} is a file of another program: give another file as `--db`",
                path.display()
            ),
            Self::Invalid(name, why) => write!(f, "service `{name}` can't be kept: {why}"),
            Self::Untrusted(path, why) => write!(f, "{} is not trusted: {why}", path.display()),
        }
    }
}

fn circle(f: &mut fmt::Formatter<'_>, names: &[Name]) -> fmt::Result {
    if let [name] = names {
        return write!(f, "`{name}` can't start after itself");
    }
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    let names = names.join(", ");
    write!(
        f,
        "{names} start after each other in a circle: `svc edit NAME --unset-after NAME` opens it"
    )
}

impl StdError for Error {}

/// The system's text for an error, without the number that `io::Error` adds.
#[must_use]
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" (os error ") {
        Some((reason, _)) => reason.to_owned(),
        None => text,
    }
}

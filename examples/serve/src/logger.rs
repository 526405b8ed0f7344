//! The program's log.

use std::io::{self, Write as _};
use std::path::Path;
use std::process;
use std::sync::OnceLock;
use std::time::SystemTime;

use daemon::{LogFile, Severity, Syslog};
use log::{Level, LevelFilter, Log, Metadata, Record};
use rustix::stdio::{dup2_stderr, dup2_stdout};

use crate::Error;
use crate::server::Server;

/// The default log file of a daemon.
const FILE: &str = "serve.log";

enum Logger {
    Output,
    Errors,
    File(LogFile),
    Syslog(Syslog),
}

static LOGGER: OnceLock<Logger> = OnceLock::new();

/// Opens the log. Other output of a daemon, such as a panic, goes to its file too.
pub(crate) fn open(server: &Server) -> Result<(), Error> {
    let options = &server.options;
    let logger = match &options.log_file {
        _ if options.syslog => {
            let opened = Syslog::open(&options.prefix);
            Logger::Syslog(opened.map_err(|error| Error::file("/dev/log", error))?)
        }
        Some(path) if path.as_os_str() == "-" => Logger::Output,
        Some(path) => file(path, server)?,
        None if options.no_daemon => Logger::Errors,
        None => file(Path::new(FILE), server)?,
    };
    if let (Logger::File(file), false) = (&logger, options.no_daemon) {
        dup2_stdout(file)
            .and_then(|()| dup2_stderr(file))
            .map_err(io::Error::from)?;
    }
    if log::set_logger(LOGGER.get_or_init(|| logger)).is_ok() {
        log::set_max_level(LevelFilter::Info);
    }
    Ok(())
}

/// A file that the workers can open again, whatever user they run as.
fn file(path: &Path, server: &Server) -> Result<Logger, Error> {
    let owner = server.owner()?;
    let opened = LogFile::open(path).and_then(|file| file.owned_by(owner));
    opened
        .map(Logger::File)
        .map_err(|error| Error::file(path, error))
}

/// Opens a log file again, in case it was moved.
pub(crate) fn reopen() {
    if let Some(Logger::File(file)) = LOGGER.get()
        && let Err(error) = file.reopen()
    {
        log::warn!("{}: {}", file.path().display(), crate::reason(&error));
    }
}

impl Log for Logger {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let (level, text) = (record.level(), record.args());
        let line = || {
            let time = humantime::format_rfc3339_seconds(SystemTime::now());
            format!("{time} {level:5} {} {text}\n", process::id())
        };
        // Nobody could read a message about a failure to log.
        let _ = match self {
            Self::Output => io::stdout().write_all(line().as_bytes()),
            Self::Errors => io::stderr().write_all(line().as_bytes()),
            Self::File(file) => (&mut &*file).write_all(line().as_bytes()),
            Self::Syslog(syslog) => {
                let severity = match level {
                    Level::Error => Severity::Error,
                    Level::Warn => Severity::Warning,
                    _ => Severity::Info,
                };
                syslog.send(severity, &text.to_string())
            }
        };
    }

    fn flush(&self) {}
}

//! The logger: a small process that reads the output of a service.

use std::fs::{self, OpenOptions};
use std::io::{self, PipeReader, PipeWriter, Read};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::path::Path;
use std::time::Duration;

use daemon::{Failure, process};
use nix::sys::signal::{SigSet, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Pid, getpid, setsid};
use rustix::thread::set_name;

use super::writer::Writer;
use super::{Log, Stream};
use crate::identity::{Host, Identity, Process};
use crate::name::Name;
use crate::service::LogLimits;
use crate::{tree, trust};

/// The size of one read.
const BLOCK: usize = 256 << 10;

/// The length at which a line is cut.
const LONGEST: usize = 64 << 10;

/// How long a shim waits for the last lines of its service.
const PATIENCE: Duration = Duration::from_secs(1);

/// The pipes between a service and its logger. Their holder can give them to a new logger if the
/// old one is killed.
#[derive(Debug)]
pub struct Pipes {
    out: (PipeReader, PipeWriter),
    err: (PipeReader, PipeWriter),
}

impl Pipes {
    /// New pipes.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn new() -> io::Result<Self> {
        Ok(Self {
            out: io::pipe()?,
            err: io::pipe()?,
        })
    }

    /// The pipes that the logger of a killed shim reads, or `None` if one that the service needs is
    /// closed.
    fn of(logger: Pid, needed: &[Stream]) -> io::Result<Option<Self>> {
        let directory = Path::new("/proc").join(logger.as_raw_nonzero().to_string());
        let mut numbers = vec![];
        for entry in fs::read_dir(directory.join("fd"))? {
            let entry = entry?;
            let file = fs::read_link(entry.path())?;
            let number = entry
                .file_name()
                .to_str()
                .and_then(|name| name.parse().ok());
            if let Some(number) = number.filter(|_: &u32| is_pipe(&file)) {
                numbers.push(number);
            }
        }
        // A logger opens the pipe of standard output first.
        numbers.sort_unstable();
        let open = |number: &u32| -> io::Result<(PipeReader, PipeWriter)> {
            let path = directory.join("fd").join(number.to_string());
            let reader = OpenOptions::new().read(true).open(&path)?;
            let writer = OpenOptions::new().write(true).open(&path)?;
            Ok((OwnedFd::from(reader).into(), OwnedFd::from(writer).into()))
        };
        let (out, err) = match (&numbers[..], needed) {
            ([out, err], _) => (open(out)?, open(err)?),
            ([out], [Stream::Out]) => (open(out)?, io::pipe()?),
            ([err], [Stream::Err]) => (io::pipe()?, open(err)?),
            _ => return Ok(None),
        };
        Ok(Some(Self { out, err }))
    }

    /// The service's ends.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn writer(&self, stream: Stream) -> io::Result<PipeWriter> {
        match stream {
            Stream::Out => self.out.1.try_clone(),
            Stream::Err => self.err.1.try_clone(),
        }
    }
}

/// Whether a link in `/proc/PID/fd` leads to a pipe.
fn is_pipe(file: &Path) -> bool {
    file.to_str().is_some_and(|file| file.starts_with("pipe:"))
}

/// The logger of a service, as the shim sees it.
#[derive(Debug)]
pub struct Logger {
    name: Name,
    log: Log,
    limits: LogLimits,
    pipes: Pipes,
    /// The process.
    pub pid: Pid,
    /// A handle of it, if another shim started it. Then no signal reports its end.
    adopted: Option<Process>,
}

impl Logger {
    /// Starts the logger of a service.
    ///
    /// # Errors
    /// If the log can't be written, or the system refuses.
    pub fn start(name: &Name, log: Log, limits: LogLimits) -> Result<Self, Failure> {
        let path = log.current().to_owned();
        let failed = |error: io::Error| Failure::new("log", &error).at(&path);
        if let Some(directory) = path.parent() {
            trust::directory(directory)
                .map_err(|error| Failure::because("log", error.to_string()))?;
        }
        // We open the log too, so that a start reports an error of the log.
        drop(Writer::open(log.clone(), limits).map_err(failed)?);
        let mut logger = Self {
            name: name.clone(),
            log,
            limits,
            pipes: Pipes::new().map_err(failed)?,
            pid: getpid(),
            adopted: None,
        };
        logger.again().map_err(failed)?;
        Ok(logger)
    }

    /// The logger of a killed shim, if it lives and reads everything that the service needs.
    #[must_use]
    pub fn adopt(
        identity: &Identity,
        host: &Host,
        name: &Name,
        log: Log,
        limits: LogLimits,
        needed: &[Stream],
    ) -> Option<Self> {
        let process = identity.find(host).ok()??;
        let pid = Pid::from_raw(identity.pid)?;
        let pipes = Pipes::of(pid, needed).ok()??;
        // Otherwise the pipes may belong to another process.
        process.lives().then(|| Self {
            name: name.clone(),
            log,
            limits,
            pipes,
            pid,
            adopted: Some(process),
        })
    }

    /// A descriptor that becomes readable when the logger ends, if no signal reports it.
    #[must_use]
    pub fn end(&self) -> Option<BorrowedFd<'_>> {
        self.adopted.as_ref().map(AsFd::as_fd)
    }

    /// Whether it has ended, if no signal reports it.
    #[must_use]
    pub fn has_ended_unseen(&self) -> bool {
        self.adopted
            .as_ref()
            .is_some_and(|process| !process.lives())
    }

    /// Starts it again, if it was killed.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn again(&mut self) -> io::Result<()> {
        self.adopted = None;
        self.pid = match process::fork()? {
            process::Fork::Parent(pid) => pid,
            process::Fork::Child => {
                let ended = keep(&self.name, self.log.clone(), self.limits, &mut self.pipes);
                process::exit_now(u8::from(ended.is_err()))
            }
        };
        Ok(())
    }

    /// The identity of its process.
    #[must_use]
    pub fn identity(&self, host: &Host) -> Option<Identity> {
        Identity::of(self.pid, host).ok()
    }

    /// The service's ends.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn writer(&self, stream: Stream) -> io::Result<PipeWriter> {
        self.pipes.writer(stream)
    }

    /// Waits until the last lines are written, but not for ever, because another process may hold
    /// the pipe.
    pub fn finish(self, host: &Host) {
        let identity = self.identity(host);
        let found = || identity?.find(host).ok().flatten();
        let process = self.adopted.or_else(found);
        drop(self.pipes);
        if let Some(process) = process {
            let _ = process.ends_within(PATIENCE);
        }
    }
}

/// Reads until nobody writes any more. Nothing else ends it, because a service needs its logger to
/// the last.
fn keep(name: &Name, log: Log, limits: LogLimits, pipes: &mut Pipes) -> io::Result<()> {
    process::reset_signals()?;
    let _ = setsid();
    set_name(tree::LOGGER)?;
    process::set_title(&format!("svc log {name}"));
    let mut signals = SigSet::empty();
    for signal in [
        Signal::SIGTERM,
        Signal::SIGINT,
        Signal::SIGHUP,
        Signal::SIGUSR1,
    ] {
        signals.add(signal);
    }
    signals.thread_block()?;
    let signals = SignalFd::with_flags(&signals, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK)?;
    let (out, err) = (pipes.out.0.try_clone()?, pipes.err.0.try_clone()?);
    // Our own copies must be closed too, or the end would never come.
    process::close_all_but(&[
        out.as_raw_fd(),
        err.as_raw_fd(),
        signals.as_fd().as_raw_fd(),
    ])?;
    let mut writer = Writer::open(log, limits)?;
    let mut sources = vec![Source::new(Stream::Out, out), Source::new(Stream::Err, err)];
    let mut block = vec![0; BLOCK];
    while !sources.is_empty() {
        let mut fds = vec![PollFd::new(&signals, PollFlags::IN)];
        fds.extend(
            sources
                .iter()
                .map(|source| PollFd::new(&source.pipe, PollFlags::IN)),
        );
        rustix::io::retry_on_intr(|| poll(&mut fds, None))?;
        let ready: Vec<bool> = fds.iter().map(|fd| !fd.revents().is_empty()).collect();
        while let Ok(Some(signal)) = signals.read_signal() {
            if signal.ssi_signo == Signal::SIGUSR1 as u32 {
                let _ = writer.reopen();
            }
        }
        let mut ready = ready.into_iter().skip(1);
        sources.retain_mut(|source| {
            !ready.next().unwrap_or(false) || source.read(&mut block, &mut writer)
        });
    }
    Ok(())
}

/// One of the pipes, and its unfinished line.
struct Source {
    stream: Stream,
    pipe: PipeReader,
    line: Vec<u8>,
}

impl Source {
    fn new(stream: Stream, pipe: PipeReader) -> Self {
        Self {
            stream,
            pipe,
            line: vec![],
        }
    }

    /// Writes the available bytes in whole lines. Returns whether more may come.
    fn read(&mut self, block: &mut [u8], writer: &mut Writer) -> bool {
        let read = match self.pipe.read(block) {
            Ok(0) => {
                if !self.line.is_empty() {
                    writer.write(self.stream, &self.line);
                }
                return false;
            }
            Ok(read) => &block[..read],
            Err(error) => return error.kind() == io::ErrorKind::Interrupted,
        };
        let whole = read
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        let (lines, rest) = read.split_at(whole);
        if !lines.is_empty() {
            if self.line.is_empty() {
                writer.write(self.stream, lines);
            } else {
                self.line.extend_from_slice(lines);
                writer.write(self.stream, &self.line);
                self.line.clear();
            }
        }
        self.line.extend_from_slice(rest);
        if self.line.len() > LONGEST {
            writer.write(self.stream, &self.line);
            self.line.clear();
        }
        true
    }
}

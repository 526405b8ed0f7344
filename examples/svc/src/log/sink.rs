//! The logger: a small process that reads the output of a service.

use std::io::{self, PipeReader, Read};
use std::os::fd::{AsFd, AsRawFd};

use daemon::process;
use nix::sys::signal::{SigSet, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::setsid;
use rustix::thread::set_name;

use super::guard::Guard;
use super::pipes::Pipes;
use super::writer::Writer;
use super::{Log, Stream};
use crate::name::Name;
use crate::service::LogLimits;
use crate::stat;

/// The size of one read.
const BLOCK: usize = 256 << 10;

/// The length at which a line is cut.
const LONGEST: usize = 64 << 10;

/// Reads until nobody writes any more. Nothing else ends it, because a service needs its logger to
/// the last.
pub(super) fn keep(
    name: &Name,
    log: Log,
    limits: LogLimits,
    pipes: &Pipes,
    mut guard: Guard,
) -> io::Result<()> {
    process::reset_signals()?;
    let _ = setsid();
    set_name(stat::LOGGER)?;
    process::set_title(&format!("svc log {name}"));
    let signals = signals()?;
    let (out, err) = pipes.readers()?;
    let mut kept = vec![0, 1, 2];
    kept.extend([out.as_raw_fd(), err.as_raw_fd()]);
    kept.push(signals.as_fd().as_raw_fd());
    kept.extend(guard.shim().map(|shim| shim.as_fd().as_raw_fd()));
    // Our own copies must be closed too, or the end would never come.
    process::close_all_but(&kept)?;
    let mut writer = Writer::open(log, limits)?;
    let mut sources = vec![Source::new(Stream::Out, out), Source::new(Stream::Err, err)];
    let mut block = vec![0; BLOCK];
    while !sources.is_empty() {
        let pipes = sources.iter().map(|source| source.pipe.as_fd());
        let fds = [signals.as_fd()].into_iter().chain(pipes);
        let fds = fds.chain(guard.shim().map(AsFd::as_fd));
        let mut fds: Vec<_> = fds
            .map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN))
            .collect();
        let pause = guard.pause();
        rustix::io::retry_on_intr(|| poll(&mut fds, pause.as_ref()))?;
        let mut ready: Vec<bool> = fds.iter().map(|fd| !fd.revents().is_empty()).collect();
        if guard.shim().is_some() && ready.pop() == Some(true) {
            guard.lose();
        }
        if guard.is_due() {
            guard.act();
            // A pipe that was closed may be open again.
            continue;
        }
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
    guard.finish();
    Ok(())
}

/// The signals that do not end a logger. `SIGUSR1` makes it open its file again.
fn signals() -> io::Result<SignalFd> {
    let signals = [
        Signal::SIGTERM,
        Signal::SIGINT,
        Signal::SIGHUP,
        Signal::SIGUSR1,
    ];
    let mask = SigSet::from_iter(signals);
    mask.thread_block()?;
    let flags = SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK;
    Ok(SignalFd::with_flags(&mask, flags)?)
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

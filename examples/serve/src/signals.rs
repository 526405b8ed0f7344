//! Signals, taken one at a time instead of caught in the middle of something.
//!
//! They stay blocked over forks and executions, so a signal that arrives in between waits and is
//! not lost.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};

use daemon::Signal;
use nix::sys::signal::SigSet;
use nix::sys::signalfd::{SfdFlags, SignalFd};

/// All signals that this program handles, in any of its processes.
const ALL: [Signal; 6] = [
    Signal::SIGTERM,
    Signal::SIGINT,
    Signal::SIGHUP,
    Signal::SIGUSR1,
    Signal::SIGUSR2,
    Signal::SIGCHLD,
];

pub(crate) struct Signals(SignalFd);

impl Signals {
    /// Takes these signals. The others of this program stay blocked.
    pub(crate) fn take(signals: &[Signal]) -> io::Result<Self> {
        ALL.iter().copied().collect::<SigSet>().thread_block()?;
        let wanted: SigSet = signals.iter().copied().collect();
        let flags = SfdFlags::SFD_NONBLOCK | SfdFlags::SFD_CLOEXEC;
        Ok(Self(SignalFd::with_flags(&wanted, flags)?))
    }

    /// The next signal, if one has arrived.
    pub(crate) fn next(&self) -> Option<Signal> {
        let came = self.0.read_signal().ok()??;
        Signal::try_from(i32::try_from(came.ssi_signo).ok()?).ok()
    }
}

impl AsFd for Signals {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

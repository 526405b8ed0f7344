//! The actions of a daemon on signals.

use std::collections::BTreeMap;
use std::{error, fmt, io};

use nix::sys::signal::SigSet;
pub use nix::sys::signal::Signal;

pub use crate::sys::Handler;
use crate::sys::{self, Disposition};

/// The action on a signal.
#[derive(Debug, Clone, Copy)]
pub enum Action {
    /// Ignore it.
    Ignore,
    /// The system's default.
    Default,
    /// Remove the pid file, and then end by that signal.
    ///
    /// python-daemon raises an exception here, which cleans everything up. In Rust a signal unwinds
    /// nothing, so only the pid file is removed. A daemon that has more to clean up waits for the
    /// signal itself, or uses a [`Handler`]. The process ends by the signal and not with an exit
    /// code, so its parent sees the true reason.
    Terminate,
    /// Call this function.
    Handler(Handler),
}

/// A text that names no signal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownSignal(String);

impl fmt::Display for UnknownSignal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no signal {:?}", self.0)
    }
}

impl error::Error for UnknownSignal {}

/// The signal with that name: `SIGTERM`, `TERM` or `term`.
///
/// # Errors
/// If there is no such signal.
pub fn signal_named(name: &str) -> Result<Signal, UnknownSignal> {
    let upper = name.to_uppercase();
    let short = upper.strip_prefix("SIG").unwrap_or(&upper);
    let full = format!("SIG{short}");
    full.parse().map_err(|_| UnknownSignal(name.to_owned()))
}

/// The signals of PEP 3143: no terminal can stop a daemon, but `SIGTERM` ends it.
pub(crate) fn default_map() -> BTreeMap<Signal, Action> {
    BTreeMap::from([
        (Signal::SIGTSTP, Action::Ignore),
        (Signal::SIGTTIN, Action::Ignore),
        (Signal::SIGTTOU, Action::Ignore),
        (Signal::SIGTERM, Action::Terminate),
    ])
}

/// Unblocks all signals, ignores only `SIGPIPE`, and then applies the map. Without a pid file,
/// there is none to remove.
pub(crate) fn install(map: &BTreeMap<Signal, Action>, pidfile: bool) -> io::Result<()> {
    unignore_all()?;
    for (&signal, &action) in map {
        let disposition = match action {
            Action::Ignore => Disposition::Ignore,
            Action::Terminate if pidfile => Disposition::Leave,
            Action::Default | Action::Terminate => Disposition::Default,
            Action::Handler(handler) => Disposition::Call(handler),
        };
        sys::set_disposition(signal as i32, disposition)?;
    }
    // Last, so that a signal that was blocked meets the new actions.
    SigSet::empty().thread_set_mask()?;
    Ok(())
}

/// Makes the signals that end a process on a terminal remove the pid file, unless the program
/// handles them itself.
pub(crate) fn leave_here() -> io::Result<()> {
    let waited_for = SigSet::thread_get_mask()?;
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        if sys::is_default(signal as i32) && !waited_for.contains(signal) {
            sys::set_disposition(signal as i32, Disposition::Leave)?;
        }
    }
    Ok(())
}

/// Children, and the programs that they execute, ignore the signals that a process ignores. `nohup`
/// and shells use that; for a daemon it is an accident. Rust itself ignores `SIGPIPE`.
fn unignore_all() -> io::Result<()> {
    (1..=libc::SIGRTMAX())
        .filter(|&signal| signal != libc::SIGPIPE && sys::is_ignored(signal) == Some(true))
        .try_for_each(|signal| sys::set_disposition(signal, Disposition::Default))
}

/// Makes children leave an exit status. They leave none while `SIGCHLD` is ignored.
pub(crate) fn expect_children() -> io::Result<()> {
    sys::set_disposition(libc::SIGCHLD, Disposition::Default)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI32, Ordering};

    use nix::sys::signal::raise;

    use super::*;

    static CAUGHT: AtomicI32 = AtomicI32::new(0);

    extern "C" fn catch(signal: i32) {
        CAUGHT.store(signal, Ordering::Relaxed);
    }

    #[test]
    #[allow(unsafe_code)]
    fn a_handler_is_called() {
        // SAFETY: it only stores to an atomic.
        let handler = unsafe { Handler::new(catch) };
        let map = BTreeMap::from([(Signal::SIGUSR2, Action::Handler(handler))]);
        install(&map, false).unwrap();
        raise(Signal::SIGUSR2).unwrap();
        assert_eq!(CAUGHT.load(Ordering::Relaxed), Signal::SIGUSR2 as i32);
    }

    #[test]
    fn a_signal_has_its_name_with_and_without_sig() {
        for name in ["SIGTERM", "TERM", "term", "sigterm"] {
            assert_eq!(signal_named(name), Ok(Signal::SIGTERM));
        }
        let error = signal_named("SIGNONE").unwrap_err();
        assert_eq!(error.to_string(), "there is no signal \"SIGNONE\"");
    }
}

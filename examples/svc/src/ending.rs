//! How processes are made to end, all of them.

use std::io::{self, ErrorKind};
use std::time::Duration;

use rustix::process::Signal;

use crate::identity::{Host, Identity};
use crate::service::StopProfile;

/// How long we wait for the system after each `SIGKILL`, and how many we send.
const KILL_PAUSE: Duration = Duration::from_millis(100);
const KILLS: u32 = 50;

/// How processes ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// By the signal that asks for it.
    Asked,
    /// By `SIGKILL`.
    Killed,
    /// Not: not even `SIGKILL` ends what waits in the kernel for a device.
    Never,
    /// Not: this one is left alone, and it is another user's.
    Refused(Identity),
}

/// Ends them after the profile: the signal so many times, then `SIGKILL`.
///
/// `processes` says who is there now, since there may be new ones each time; `gone_within` waits
/// until nobody is there, at most so long. One that is not ours to signal may end by itself when the
/// others have ended, and keeps none of them alive.
///
/// # Errors
/// If we lack what it takes to look for them.
pub fn end(
    profile: &StopProfile,
    host: &Host,
    processes: impl Fn() -> io::Result<Vec<Identity>>,
    mut gone_within: impl FnMut(Duration) -> io::Result<bool>,
) -> io::Result<Ending> {
    let signal = Signal::from_named_raw(profile.signal).unwrap_or(Signal::TERM);
    for _ in 0..profile.repeat {
        // One that is suspended would not hear the first alone.
        signal_all(&processes()?, host, &[signal, Signal::CONT])?;
        if gone_within(profile.pause)? {
            return Ok(Ending::Asked);
        }
    }
    for _ in 0..KILLS {
        let all = processes()?;
        let refused = signal_all(&all, host, &[Signal::KILL])?;
        if gone_within(KILL_PAUSE)? {
            return Ok(Ending::Killed);
        }
        if refused.len() == all.len()
            && let Some(process) = refused.into_iter().next()
        {
            return Ok(Ending::Refused(process));
        }
    }
    Ok(Ending::Never)
}

/// Signals all of them; gives those that are not ours to signal.
fn signal_all(
    processes: &[Identity],
    host: &Host,
    signals: &[Signal],
) -> io::Result<Vec<Identity>> {
    let mut refused = vec![];
    for known in processes {
        let Some(process) = known.find(host)? else {
            continue;
        };
        let mut signals = signals.iter();
        match signals.try_for_each(|signal| process.signal(*signal)) {
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                refused.push(known.clone());
            }
            signalled => signalled?,
        }
    }
    Ok(refused)
}

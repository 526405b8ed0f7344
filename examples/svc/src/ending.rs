//! How processes are made to end, all of them.

use std::io::{self, ErrorKind};
use std::time::Duration;

use rustix::process::{Pid, Signal};

use crate::identity::Process;
use crate::service::StopProfile;

/// How long we wait for the system after each `SIGKILL`, and how many we send.
const KILL_PAUSE: Duration = Duration::from_millis(100);
const KILLS: u32 = 50;

/// How processes ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// By the signal that asks for it.
    Asked,
    /// By `SIGKILL`.
    Killed,
    /// Not: not even `SIGKILL` ends what waits in the kernel for a device.
    Never,
    /// Not: this one is left alone, and it is another user's.
    Refused(Pid),
}

/// Ends them after the profile: the signal so many times, then `SIGKILL`.
///
/// `processes` says who is there now, since there may be new ones each time; `gone_within` waits
/// until nobody is there, at most so long. One that is not ours to signal may end by itself when the
/// others have ended, and keeps none of them alive.
///
/// # Errors
/// If the system refuses for another reason than whose they are.
pub fn end(
    profile: &StopProfile,
    processes: impl Fn() -> Vec<Process>,
    mut gone_within: impl FnMut(Duration) -> bool,
) -> io::Result<Ending> {
    let signal = Signal::from_named_raw(profile.signal).unwrap_or(Signal::TERM);
    for _ in 0..profile.repeat {
        // One that is suspended would not hear the first alone.
        signal_all(&processes(), &[signal, Signal::CONT])?;
        if gone_within(profile.pause) {
            return Ok(Ending::Asked);
        }
    }
    for _ in 0..KILLS {
        let all = processes();
        let refused = signal_all(&all, &[Signal::KILL])?;
        if gone_within(KILL_PAUSE) {
            return Ok(Ending::Killed);
        }
        match refused.first() {
            Some(process) if refused.len() == all.len() => return Ok(Ending::Refused(*process)),
            _ => {}
        }
    }
    Ok(Ending::Never)
}

/// Signals all of them; gives those that are not ours to signal.
fn signal_all(processes: &[Process], signals: &[Signal]) -> io::Result<Vec<Pid>> {
    let mut refused = vec![];
    for process in processes {
        match signals
            .iter()
            .try_for_each(|signal| process.signal(*signal))
        {
            Err(error) if error.kind() == ErrorKind::PermissionDenied => refused.push(process.pid),
            signalled => signalled?,
        }
    }
    Ok(refused)
}

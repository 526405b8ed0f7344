//! Ending processes, all of them.

use std::io::{self, ErrorKind};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::identity::{Host, Identity};
use crate::service::StopProfile;

/// The wait for the system after each `SIGKILL`, and the number of these.
const KILL_PAUSE: Duration = Duration::from_millis(100);
const KILLS: u32 = 50;

/// The way in which processes ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// By the signal that asks them to.
    Asked,
    /// By `SIGKILL`.
    Killed,
    /// Not at all: `SIGKILL` does not end a process that waits in the kernel for a device.
    Never,
    /// Not all: only this one is left, and it belongs to another user.
    Refused(Identity),
}

/// Ends processes by the profile: the signal a number of times, then `SIGKILL`. While `main` lives,
/// only `main` gets the signal, because it knows the right order for its children.
///
/// `processes` lists the live ones, which may be new each time. `gone_within` waits until there are
/// none, up to a limit. A process that we may not signal may end by itself after the others, and
/// keeps none of them alive.
///
/// # Errors
/// If the system lacks resources to look for them.
pub fn end(
    profile: &StopProfile,
    host: &Host,
    main: Option<&Identity>,
    processes: impl Fn() -> io::Result<Vec<Identity>>,
    mut gone_within: impl FnMut(Duration) -> io::Result<bool>,
) -> io::Result<Ending> {
    let signal = Signal::from_named_raw(profile.signal).unwrap_or(Signal::TERM);
    // A suspended process does not react to the first signal alone.
    let signals = [signal, Signal::CONT];
    for _ in 0..profile.repeat {
        let until = Instant::now() + profile.pause;
        let main = main.map(|main| main.find(host)).transpose()?.flatten();
        if let Some(main) = main
            && signals.iter().all(|signal| main.signal(*signal).is_ok())
            && !main.ends_within(profile.pause)
        {
            continue;
        }
        signal_all(&processes()?, host, &signals)?;
        if gone_within(until.saturating_duration_since(Instant::now()))? {
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

/// Signals all of them. Returns those that we may not signal.
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

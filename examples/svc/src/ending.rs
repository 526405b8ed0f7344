//! How processes are made to end, all of them.

use std::io;
use std::time::Duration;

use rustix::process::Signal;

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
}

/// Ends them after the profile: the signal so many times, then `SIGKILL`.
///
/// `processes` says who is there now, since there may be new ones each time; `gone_within` waits
/// until nobody is there, at most so long.
///
/// # Errors
/// If they are not ours to signal.
pub fn end(
    profile: &StopProfile,
    processes: impl Fn() -> Vec<Process>,
    mut gone_within: impl FnMut(Duration) -> bool,
) -> io::Result<Ending> {
    let signal = Signal::from_named_raw(profile.signal).unwrap_or(Signal::TERM);
    for _ in 0..profile.repeat {
        for process in processes() {
            process.signal(signal)?;
            // One that is stopped would not hear it.
            process.signal(Signal::CONT)?;
        }
        if gone_within(profile.pause) {
            return Ok(Ending::Asked);
        }
    }
    for _ in 0..KILLS {
        for process in processes() {
            process.signal(Signal::KILL)?;
        }
        if gone_within(KILL_PAUSE) {
            return Ok(Ending::Killed);
        }
    }
    Ok(Ending::Never)
}

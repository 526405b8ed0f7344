//! What systemd is told, where it has asked.

use sd_notify::NotifyState;

fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        log::warn!("systemd can't be told: {}", crate::reason(&error));
    }
}

/// All workers are there.
pub(crate) fn ready() {
    tell(&[NotifyState::Ready, NotifyState::MainPid(std::process::id())]);
}

/// The next ones are started.
pub(crate) fn reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(now) => tell(&[NotifyState::Reloading, now]),
        Err(_) => tell(&[NotifyState::Reloading]),
    }
}

/// They are stopped.
pub(crate) fn stopping() {
    tell(&[NotifyState::Stopping]);
}

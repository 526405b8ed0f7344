//! Notifications to systemd, if it asked for them.

use sd_notify::NotifyState;

fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        log::warn!("systemd can't be told: {}", crate::reason(&error));
    }
}

/// All workers are ready.
pub(crate) fn ready() {
    tell(&[NotifyState::Ready, NotifyState::MainPid(std::process::id())]);
}

/// The next workers are starting.
pub(crate) fn reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(now) => tell(&[NotifyState::Reloading, now]),
        Err(_) => tell(&[NotifyState::Reloading]),
    }
}

/// The workers are stopping.
pub(crate) fn stopping() {
    tell(&[NotifyState::Stopping]);
}

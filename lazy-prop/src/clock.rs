//! The time by which values expire.

/// Now.
#[cfg(not(feature = "testing"))]
pub(crate) fn now() -> std::time::Instant {
    std::time::Instant::now()
}

#[cfg(feature = "testing")]
pub(crate) use moved::{AHEAD, now};

/// A clock that tests can move.
#[cfg(feature = "testing")]
mod moved {
    use core::cell::Cell;
    use core::time::Duration;
    use std::thread_local;
    use std::time::Instant;

    thread_local! {
        /// How far the clock of this thread is ahead.
        pub(crate) static AHEAD: Cell<Duration> = const { Cell::new(Duration::ZERO) };
    }

    pub(crate) fn now() -> Instant {
        Instant::now() + AHEAD.get()
    }
}

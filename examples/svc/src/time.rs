//! Points in time, as they are written and typed.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Now, in milliseconds of Unix time.
#[must_use]
pub fn now() -> u64 {
    let time = SystemTime::now().duration_since(UNIX_EPOCH);
    time.map_or(0, |time| {
        u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
    })
}

/// A time for people, in UTC.
#[must_use]
pub fn text(milliseconds: u64) -> String {
    let time = UNIX_EPOCH + Duration::from_millis(milliseconds);
    humantime::format_rfc3339_millis(time).to_string()
}

/// The time in a text: an age such as `10m`, or a date and time in UTC.
///
/// # Errors
/// If the text is neither.
pub fn since(text: &str) -> Result<u64, &'static str> {
    let ago = humantime::parse_duration(text).ok();
    let ago = ago.and_then(|ago| SystemTime::now().checked_sub(ago));
    let date = || humantime::parse_rfc3339_weak(text).ok();
    let time = ago
        .or_else(date)
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let time = time.and_then(|time| u64::try_from(time.as_millis()).ok());
    time.ok_or("a time is written `10m`, `2h`, or `2026-11-27 08:30:00`, in UTC")
}

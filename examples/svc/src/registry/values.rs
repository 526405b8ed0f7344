//! The values of columns, as they are written.

use std::time::Duration;

use rusqlite::types::Value;
use serde::Serialize;

/// An optional value as it is written on the command line. The empty text is none.
pub(super) fn word(value: Option<&impl ToString>) -> Value {
    value.map(ToString::to_string).unwrap_or_default().into()
}

/// As SQLite keeps it: at most 292 million years.
pub(super) fn milliseconds(duration: Duration) -> Value {
    i64::try_from(duration.as_millis())
        .unwrap_or(i64::MAX)
        .into()
}

/// As SQLite keeps it: with a sign.
pub(super) fn integer(number: u64) -> Value {
    i64::try_from(number).unwrap_or(i64::MAX).into()
}

/// A value as JSON.
pub(super) fn json_of(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("lists, maps and names of text are JSON")
}

//! The values of columns, and what they mean.

use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

use rusqlite::Row;
use rusqlite::types::{Type, Value};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub(super) fn word(value: Option<&impl ToString>) -> Value {
    value.map(ToString::to_string).unwrap_or_default().into()
}

pub(super) fn word_in<T: FromStr<Err: Display>>(
    row: &Row,
    column: &str,
) -> rusqlite::Result<Option<T>> {
    text(row, column, |text| match text {
        "" => Ok(None),
        text => text.parse().map(Some),
    })
}

pub(super) fn json<T: DeserializeOwned>(row: &Row, column: &str) -> rusqlite::Result<T> {
    text(row, column, |text| serde_json::from_str(text))
}

pub(super) fn text<T, E: Display>(
    row: &Row,
    column: &str,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    parse(&text).map_err(|error| unreadable(row, column, error))
}

pub(super) fn duration(row: &Row, column: &str) -> rusqlite::Result<Duration> {
    unsigned(row, column).map(Duration::from_millis)
}

pub(super) fn unsigned(row: &Row, column: &str) -> rusqlite::Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|error| unreadable(row, column, error))
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

pub(super) fn unreadable(row: &Row, column: &str, error: impl Display) -> rusqlite::Error {
    let name: String = row.get("name").unwrap_or_default();
    let error = format!("`{column}` of service `{name}`: {error}");
    rusqlite::Error::FromSqlConversionFailure(0, Type::Text, error.into())
}

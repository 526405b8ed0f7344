//! The fields of a row, read from the first to the last.

use std::fmt::Display;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use rusqlite::Row;
use rusqlite::types::{FromSql, Type};
use serde::de::DeserializeOwned;

use super::schema::{Column, SERVICES};

/// The fields of a row that has all declared columns, in their order. SQLite finds a column by its number many
/// times faster than by its name.
pub(super) struct Fields<'a> {
    row: &'a Row<'a>,
    read: usize,
}

impl<'a> Fields<'a> {
    pub(super) fn of(row: &'a Row<'a>) -> Self {
        Self { row, read: 0 }
    }

    /// The next field, which must be the one of this column.
    pub(super) fn get<T: FromSql>(&mut self, column: &str) -> rusqlite::Result<T> {
        let index = self.read;
        debug_assert_eq!(SERVICES.columns[index].0, column);
        self.read += 1;
        self.row.get(index)
    }

    pub(super) fn path(&mut self, column: &str) -> rusqlite::Result<PathBuf> {
        self.get::<String>(column).map(PathBuf::from)
    }

    /// An optional value as it is written on the command line. The empty text is none.
    pub(super) fn word<T: FromStr<Err: Display>>(
        &mut self,
        column: &str,
    ) -> rusqlite::Result<Option<T>> {
        self.text(column, |text| match text {
            "" => Ok(None),
            text => text.parse().map(Some),
        })
    }

    pub(super) fn json<T: DeserializeOwned>(&mut self, column: &str) -> rusqlite::Result<T> {
        self.text(column, |text| serde_json::from_str(text))
    }

    pub(super) fn text<T, E: Display>(
        &mut self,
        column: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> rusqlite::Result<T> {
        let text: String = self.get(column)?;
        parse(&text).map_err(|error| self.unreadable(error))
    }

    pub(super) fn duration(&mut self, column: &str) -> rusqlite::Result<Duration> {
        self.unsigned(column).map(Duration::from_millis)
    }

    pub(super) fn unsigned(&mut self, column: &str) -> rusqlite::Result<u64> {
        let number = self.get(column)?;
        self.not_negative(number)
    }

    /// This number, which was just read.
    pub(super) fn not_negative(&self, number: i64) -> rusqlite::Result<u64> {
        u64::try_from(number).map_err(|error| self.unreadable(error))
    }

    /// The error of the last field that was read.
    pub(super) fn unreadable(&self, error: impl Display) -> rusqlite::Error {
        let Column(column, ..) = SERVICES.columns[self.read - 1];
        let name: String = self.row.get(0).unwrap_or_default();
        let error = format!("`{column}` of service `{name}`: {error}");
        rusqlite::Error::FromSqlConversionFailure(self.read - 1, Type::Text, error.into())
    }
}

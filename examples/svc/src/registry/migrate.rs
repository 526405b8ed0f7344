//! Migrates a file to the present form: missing parts are added, in one transaction.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, TransactionBehavior};

use super::schema::{APPLICATION, FORM, TABLES, Table};
use super::{aside, file, form_1};
use crate::error::Error;
use crate::kill_point::KillPoint;

/// The difference between a file and the declared form.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// The SQL that adds the missing parts.
    pub(super) statements: Vec<String>,
    /// The additional parts: `column services.note`, `table old`.
    pub(super) kept: Vec<String>,
}

impl Plan {
    /// Compares the file with the declared form.
    pub(super) fn of(connection: &Connection) -> rusqlite::Result<Self> {
        let mut plan = Self::default();
        let mut objects = objects(connection)?;
        for table in TABLES {
            if take(&mut objects, "table", table.name) {
                plan.compare(table, columns(connection, table.name)?);
            } else {
                plan.statements.push(table.create());
            }
            for index in table.indexes {
                if !take(&mut objects, "index", index.name) {
                    plan.statements.push(table.index(index));
                }
            }
        }
        let others = objects
            .into_iter()
            .map(|(kind, name)| format!("{kind} {name}"));
        plan.kept.extend(others);
        plan.mark(connection)?;
        Ok(plan)
    }

    /// Compares one table, by its columns.
    fn compare(&mut self, table: &Table, mut columns: Vec<String>) {
        for column in table.columns {
            match columns.iter().position(|name| same(name, column.0)) {
                Some(at) => drop(columns.remove(at)),
                None => self.statements.push(table.add(column)),
            }
        }
        let others = columns
            .into_iter()
            .map(|name| format!("column {}.{name}", table.name));
        self.kept.extend(others);
    }

    /// Sets the numbers of the file, and converts its commands.
    fn mark(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        if number(connection, "application_id")? != i64::from(APPLICATION) {
            self.statements
                .push(format!("PRAGMA application_id = {APPLICATION}"));
        }
        let form = number(connection, "user_version")?;
        if form < i64::from(FORM) {
            if form < 2 {
                self.statements.extend(form_1::commands(connection)?);
            }
            self.statements
                .push(format!("PRAGMA user_version = {FORM}"));
        }
        Ok(())
    }

    /// Runs the statements.
    pub(super) fn apply(&self, connection: &Connection) -> rusqlite::Result<()> {
        self.statements
            .iter()
            .try_for_each(|sql| connection.execute_batch(sql))
    }
}

/// Migrates an open file after a backup. Returns the backup and what was done. The lock must be
/// held.
pub(super) fn migrate(
    registry: &Path,
    connection: &mut Connection,
) -> Result<(Plan, Option<PathBuf>), Error> {
    let wrong = |error| file::wrong(registry, error);
    let plan = Plan::of(connection).map_err(wrong)?;
    if plan.statements.is_empty() {
        return Ok((plan, None));
    }
    let backup = aside::back_up(registry, connection)?;
    KillPoint::MigrationBackedUp.pass();
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate);
    let transaction = transaction.map_err(wrong)?;
    // Compared again, because only facts read within the transaction stay true until its end.
    let plan = Plan::of(&transaction).map_err(wrong)?;
    plan.apply(&transaction).map_err(wrong)?;
    KillPoint::MigrationApplied.pass();
    transaction.commit().map_err(wrong)?;
    Ok((plan, Some(backup)))
}

/// The columns of a table, or none if it does not exist.
pub(super) fn columns(connection: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare("SELECT name FROM pragma_table_xinfo(?1)")?;
    statement.query_map([table], |row| row.get(0))?.collect()
}

/// A number in the header of the file.
pub(super) fn number(connection: &Connection, pragma: &str) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, pragma, |row| row.get(0))
}

/// SQLite ignores the case of names.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// The kind and name of everything in the file, except SQLite's own objects.
pub(super) fn objects(connection: &Connection) -> rusqlite::Result<Vec<(String, String)>> {
    let sql = r"SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'sqlite\_%' ESCAPE '\'
        ORDER BY type, name";
    let mut statement = connection.prepare(sql)?;
    let objects = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    objects.collect()
}

/// Takes an object off the list, if it is there.
fn take(objects: &mut Vec<(String, String)>, kind: &str, name: &str) -> bool {
    let found = objects
        .iter()
        .position(|object| object.0 == kind && same(&object.1, name));
    found.map(|at| objects.remove(at)).is_some()
}

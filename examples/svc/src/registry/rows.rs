//! A service as a row, and back.

use std::time::Duration;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use super::fields::Fields;
use super::recover::Unread;
use super::schema::{Column, SERVICES};
use super::values::{integer, json_of, milliseconds, word};
use super::{form_1, migrate};
use crate::file_watch::Watch;
use crate::health::Health;
use crate::name::Name;
use crate::service::{Backoff, LogLimits, Service, StopProfile};

/// All services, sorted by name.
pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<Service>> {
    let mut statement = connection.prepare(&select("ORDER BY name", |_| true))?;
    statement.query_map([], read)?.collect()
}

/// The service with a name.
pub(super) fn one(connection: &Connection, name: &Name) -> rusqlite::Result<Option<Service>> {
    let mut statement = connection.prepare(&select("WHERE name = ?1", |_| true))?;
    statement.query_row([name.as_str()], read).optional()
}

/// The names of all services, including unreadable ones.
pub(super) fn names(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare("SELECT name FROM services")?;
    statement.query_map([], |row| row.get(0))?.collect()
}

/// Adds a row.
pub(super) fn insert(connection: &Connection, service: &Service) -> rusqlite::Result<()> {
    let (names, values) = split(values(service));
    let marks = vec!["?"; names.len()].join(", ");
    let names = names.join(", ");
    let sql = format!("INSERT INTO services ({names}) VALUES ({marks})");
    connection.execute(&sql, params_from_iter(values)).map(drop)
}

/// Changes a row. Undeclared columns stay as they are.
pub(super) fn update(connection: &Connection, service: &Service) -> rusqlite::Result<()> {
    let (names, mut values) = split(values(service));
    let sets = names.join(" = ?, ");
    values.push(service.name.as_str().to_owned().into());
    let sql = format!("UPDATE services SET {sets} = ? WHERE name = ?");
    connection.execute(&sql, params_from_iter(values)).map(drop)
}

/// Removes a row.
pub(super) fn delete(connection: &Connection, name: &Name) -> rusqlite::Result<()> {
    let sql = "DELETE FROM services WHERE name = ?1";
    connection.execute(sql, [name.as_str()]).map(drop)
}

/// The readable rows of a file in any form, however damaged, and why the rest is unreadable.
///
/// The table is read from both ends, each time up to the first unreadable page, and without an
/// index, so that only its own pages count.
pub(super) fn salvage(connection: &Connection) -> (Vec<Service>, Vec<Unread>) {
    let (mut services, mut unread) = (Vec::<Service>::new(), Vec::new());
    let why = |error| super::file::reason(&error);
    for order in ["ASC", "DESC"] {
        let ended = scan(connection, order, |name, row| match row {
            Ok(service) if services.iter().any(|known| known.name == service.name) => {}
            Ok(service) => services.push(service),
            Err(error) => unread.push(Unread {
                name,
                why: why(error),
            }),
        });
        unread.extend(ended.err().map(|error| Unread {
            name: None,
            why: why(error),
        }));
    }
    services.sort_by(|one, other| one.name.cmp(&other.name));
    unread.sort();
    unread.dedup();
    (services, unread)
}

fn scan(
    connection: &Connection,
    order: &str,
    mut each: impl FnMut(Option<String>, rusqlite::Result<Service>),
) -> rusqlite::Result<()> {
    let columns = migrate::columns(connection, SERVICES.name)?;
    let has = |name: &str| columns.iter().any(|column| migrate::same(column, name));
    let sql = select(&format!("NOT INDEXED ORDER BY rowid {order}"), has);
    let lines = migrate::number(connection, "user_version")? < 2;
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let service = if lines { read_form_1(row) } else { read(row) };
        each(row.get("name").ok(), service);
    }
    Ok(())
}

/// The rows with all declared columns. A missing column, or NULL, becomes the default.
fn select(rest: &str, has: impl Fn(&str) -> bool) -> String {
    let one = |Column(name, _, default): &Column| {
        let value = if has(name) { name } else { "NULL" };
        format!("coalesce({value}, {default}) AS {name}")
    };
    let columns: Vec<_> = SERVICES.columns.iter().map(one).collect();
    format!("SELECT {} FROM services {rest}", columns.join(", "))
}

fn values(service: &Service) -> [(&'static str, Value); SERVICES.columns.len()] {
    let path = |path: &std::path::Path| Value::from(path.to_string_lossy().into_owned());
    let Service {
        backoff,
        stop,
        health,
        watch,
        ..
    } = service;
    [
        ("name", service.name.as_str().to_owned().into()),
        ("command", json_of(&service.command).into()),
        ("working_directory", path(&service.working_directory)),
        ("stdin", path(&service.stdin)),
        ("stdout", path(service.stdout.as_path())),
        ("stderr", path(service.stderr.as_path())),
        ("log_size", integer(service.log.size)),
        ("log_keep", service.log.keep.into()),
        ("log_age_ms", milliseconds(service.log.age)),
        ("env", json_of(&service.env).into()),
        (
            "restart",
            json_of(&service.restart)
                .trim_matches('"')
                .to_owned()
                .into(),
        ),
        ("backoff_first_ms", milliseconds(backoff.first)),
        ("backoff_longest_ms", milliseconds(backoff.longest)),
        ("backoff_starts", backoff.starts.into()),
        ("backoff_window_ms", milliseconds(backoff.window)),
        ("stop_signal", stop.signal.into()),
        ("stop_repeat", stop.repeat.into()),
        ("stop_pause_ms", milliseconds(stop.pause)),
        ("start_ms", service.start.map_or((-1).into(), milliseconds)),
        ("ready", word(service.ready.as_ref())),
        ("ready_timeout_ms", milliseconds(service.ready_timeout)),
        ("user", word(service.user.as_ref())),
        ("umask", service.umask.map_or(-1, i64::from).into()),
        ("nice", word(service.nice.as_ref())),
        ("limits", json_of(&service.limits).into()),
        ("health", word(health.check.as_ref())),
        ("health_interval_ms", milliseconds(health.interval)),
        ("health_timeout_ms", milliseconds(health.timeout)),
        ("health_retries", health.retries.into()),
        ("reload", word(service.reload.as_ref())),
        ("schedule", word(service.schedule.as_ref())),
        ("watch", json_of(&watch.paths).into()),
        ("watch_ignore", json_of(&watch.ignore).into()),
        ("watch_pause_ms", milliseconds(watch.pause)),
        ("after", json_of(&service.after).into()),
        ("wanted", service.wanted.into()),
    ]
}

fn read(row: &Row) -> rusqlite::Result<Service> {
    read_with(row, |command| serde_json::from_str(command))
}

fn read_form_1(row: &Row) -> rusqlite::Result<Service> {
    read_with(row, |line| Ok(form_1::words(line)))
}

/// Reads the fields in the order of the declaration.
fn read_with(
    row: &Row,
    words: impl FnOnce(&str) -> serde_json::Result<Vec<String>>,
) -> rusqlite::Result<Service> {
    let mut fields = Fields::of(row);
    let fields = &mut fields;
    Ok(Service {
        name: fields.text("name", str::parse)?,
        command: match fields.text("command", words)? {
            command if command.is_empty() => return Err(fields.unreadable("it is empty")),
            command => command,
        },
        working_directory: fields.path("working_directory")?,
        stdin: fields.path("stdin")?,
        stdout: fields.path("stdout")?.into(),
        stderr: fields.path("stderr")?.into(),
        log: LogLimits {
            size: fields.unsigned("log_size")?,
            keep: fields.get("log_keep")?,
            age: fields.duration("log_age_ms")?,
        },
        env: fields.json("env")?,
        restart: fields.text("restart", |name| serde_json::from_value(name.into()))?,
        backoff: Backoff {
            first: fields.duration("backoff_first_ms")?,
            longest: fields.duration("backoff_longest_ms")?,
            starts: fields.get("backoff_starts")?,
            window: fields.duration("backoff_window_ms")?,
        },
        stop: StopProfile {
            signal: fields.get("stop_signal")?,
            repeat: fields.get("stop_repeat")?,
            pause: fields.duration("stop_pause_ms")?,
        },
        start: match fields.get::<i64>("start_ms")? {
            -1 => None,
            number => Some(Duration::from_millis(fields.not_negative(number)?)),
        },
        ready: fields.word("ready")?,
        ready_timeout: fields.duration("ready_timeout_ms")?,
        user: fields.word("user")?,
        umask: u32::try_from(fields.get::<i64>("umask")?).ok(),
        nice: fields.word("nice")?,
        limits: fields.json("limits")?,
        health: Health {
            check: fields.word("health")?,
            interval: fields.duration("health_interval_ms")?,
            timeout: fields.duration("health_timeout_ms")?,
            retries: fields.get("health_retries")?,
        },
        reload: fields.word("reload")?,
        schedule: fields.word("schedule")?,
        watch: Watch {
            paths: fields.json("watch")?,
            ignore: fields.json("watch_ignore")?,
            pause: fields.duration("watch_pause_ms")?,
        },
        after: fields.json("after")?,
        wanted: fields.get("wanted")?,
    })
}

fn split<const N: usize>(pairs: [(&'static str, Value); N]) -> (Vec<&'static str>, Vec<Value>) {
    pairs.into_iter().unzip()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_column_is_written() {
        let declared = SERVICES.columns.iter().map(|column| column.0);
        let service = Service::new("web".parse().unwrap(), vec!["true".to_owned()]);
        assert!(declared.eq(values(&service).map(|pair| pair.0)));
    }
}

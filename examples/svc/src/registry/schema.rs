//! The form of the registry, declared once. Missing parts of a file are added, and additional parts
//! stay.

/// The number of the form, which is the file's `user_version`.
///
/// Form 1 is that of the program of 2008, whose commands are lines for a shell. Form 2 has JSON
/// there, and adds `env` and `restart`. Form 3 adds how a service stops and comes back. Form 4 adds
/// logs and readiness. Form 5 adds the rest.
pub(super) const FORM: u32 = 5;

/// Marks a file as ours, as its `application_id`. Files of form 1 have none.
pub(super) const APPLICATION: u32 = u32::from_be_bytes(*b"svcr");

#[rustfmt::skip]
pub(super) const SERVICES: Table = Table {
    name: "services",
    key: "name",
    columns: &[
        //      name                  type       default           what it holds
        Column("name",               "TEXT",    "''"),          // letters, digits, `.`, `_`, `@`, `-`
        Column("command",            "TEXT",    "'[]'"),        // a JSON array: the program, its arguments
        Column("working_directory",  "TEXT",    "'/'"),         // a path
        Column("stdin",              "TEXT",    "'/dev/null'"), // a path
        Column("stdout",             "TEXT",    "'/dev/null'"), // a path, or `log`
        Column("stderr",             "TEXT",    "'/dev/null'"), // likewise
        Column("log_size",           "INTEGER", "10485760"),    // in bytes
        Column("log_keep",           "INTEGER", "5"),           // so many files
        Column("log_age_ms",         "INTEGER", "0"),           // 0 is any age
        Column("env",                "TEXT",    "'{}'"),        // a JSON object of strings
        Column("restart",            "TEXT",    "'no'"),        // `no`, `on-failure` or `always`
        Column("backoff_first_ms",   "INTEGER", "100"),
        Column("backoff_longest_ms", "INTEGER", "30000"),
        Column("backoff_starts",     "INTEGER", "8"),           // so many within …
        Column("backoff_window_ms",  "INTEGER", "60000"),       // … this
        Column("stop_signal",        "INTEGER", "15"),          // its number
        Column("stop_repeat",        "INTEGER", "1"),
        Column("stop_pause_ms",      "INTEGER", "10000"),
        Column("start_ms",           "INTEGER", "-1"),          // -1 is the default
        Column("ready",              "TEXT",    "''"),          // `port:80`, `notify`, …
        Column("ready_timeout_ms",   "INTEGER", "60000"),
        Column("user",               "TEXT",    "''"),          // `name`, `name:group`, or empty
        Column("umask",              "INTEGER", "-1"),          // -1 is that of its start
        Column("nice",               "TEXT",    "''"),          // a number, or empty
        Column("limits",             "TEXT",    "'{}'"),        // a JSON object of numbers
        Column("health",             "TEXT",    "''"),          // `port:80`, …, or empty
        Column("health_interval_ms", "INTEGER", "10000"),
        Column("health_timeout_ms",  "INTEGER", "5000"),
        Column("health_retries",     "INTEGER", "3"),
        Column("reload",             "TEXT",    "''"),          // `HUP`, `command:…`, or empty
        Column("schedule",           "TEXT",    "''"),          // a cron expression, or empty
        Column("watch",              "TEXT",    "'[]'"),        // a JSON array of paths
        Column("watch_ignore",       "TEXT",    "'[]'"),        // a JSON array of patterns
        Column("watch_pause_ms",     "INTEGER", "500"),
        Column("after",              "TEXT",    "'[]'"),        // a JSON array of names
        Column("wanted",             "INTEGER", "0"),           // 0 or 1
    ],
    indexes: &[Index { name: "services_wanted", column: "wanted" }],
};

pub(super) const TABLES: &[Table] = &[SERVICES];

/// A table.
pub(super) struct Table {
    pub(super) name: &'static str,
    /// The column that is the primary key.
    pub(super) key: &'static str,
    pub(super) columns: &'static [Column],
    pub(super) indexes: &'static [Index],
}

/// A column: its name, its SQL type and its default. None may be NULL, so each can be added to a
/// table with rows.
pub(super) struct Column(
    pub(super) &'static str,
    pub(super) &'static str,
    pub(super) &'static str,
);

/// An index of one column.
pub(super) struct Index {
    pub(super) name: &'static str,
    pub(super) column: &'static str,
}

impl Table {
    /// The statement that creates it.
    pub(super) fn create(&self) -> String {
        let columns: Vec<_> = self.columns.iter().map(Column::definition).collect();
        let Self { name, key, .. } = self;
        let columns = columns.join(", ");
        format!("CREATE TABLE {name} ({columns}, PRIMARY KEY ({key}))")
    }

    /// The statement that adds one of its columns.
    pub(super) fn add(&self, column: &Column) -> String {
        let definition = column.definition();
        format!("ALTER TABLE {} ADD COLUMN {definition}", self.name)
    }

    /// The statement that creates one of its indexes.
    pub(super) fn index(&self, index: &Index) -> String {
        let Index { name, column } = index;
        format!("CREATE INDEX {name} ON {} ({column})", self.name)
    }
}

impl Column {
    fn definition(&self) -> String {
        let Self(name, kind, default) = self;
        format!("{name} {kind} NOT NULL DEFAULT {default}")
    }
}

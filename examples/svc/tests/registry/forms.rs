//! Registries of older and newer programs.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use svc::error::Error;
use svc::registry::Registry;
use svc::service::{Backoff, Restart, StopProfile};

use crate::{Home, data, line, name, service};

const FORM_1: &str = r#"
    CREATE TABLE services (name TEXT PRIMARY KEY, command TEXT, working_directory TEXT,
        stdin TEXT, stdout TEXT, stderr TEXT);
    INSERT INTO services VALUES
        ('web', 'python3 -m http.server "80 80"', '/srv/web', NULL, '/tmp/web.out', '/tmp/web.err'),
        ('pipe', 'tail -f it''s | grep x', NULL, '/dev/zero', NULL, NULL),
        ('var', 'LANG=C sleep 60', '/', '/dev/null', '/dev/null', '/dev/null');
    PRAGMA user_version = 1;
"#;

const FORM_2: &str = r#"
    CREATE TABLE services (name TEXT PRIMARY KEY, command TEXT NOT NULL, working_directory TEXT,
        stdin TEXT, stdout TEXT, stderr TEXT, note TEXT,
        env TEXT NOT NULL DEFAULT '{}', restart TEXT NOT NULL DEFAULT 'no');
    INSERT INTO services VALUES
        ('web', '["python3","-m","http.server"]', '/srv', '/dev/null', '/tmp/o', '/tmp/e', 'kept',
            '{"A":"1"}', 'always');
    CREATE TABLE old (x);
    INSERT INTO old VALUES (42);
    PRAGMA application_id = 0x73766372;
    PRAGMA user_version = 2;
"#;

/// How the files were made: `cargo test -p svc --test registry -- --ignored make_the_data`.
#[test]
#[ignore = "makes the files of tests/data"]
fn make_the_data() {
    for (file, sql) in [("registry-v1.db", FORM_1), ("registry-v2.db", FORM_2)] {
        let _ = fs::remove_file(data(file));
        Connection::open(data(file))
            .unwrap()
            .execute_batch(sql)
            .unwrap();
    }
    let home = Home::with(&["db", "web"]);
    home.open().want(&[name("db")], true).unwrap();
    fs::copy(home.paths.registry(), data("registry-v3.db")).unwrap();
}

fn value(file: &Path, sql: &str) -> String {
    let connection = Connection::open(file).unwrap();
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn form_1_is_migrated_with_its_commands() {
    let home = Home::of(&data("registry-v1.db"));
    let services = home.open().services().unwrap();
    let commands: Vec<_> = services
        .iter()
        .map(|service| &service.command[..])
        .collect();
    let expected: [&[&str]; 3] = [
        &["/bin/sh", "-c", "tail -f it's | grep x"],
        &["/bin/sh", "-c", "LANG=C sleep 60"],
        &["python3", "-m", "http.server", "80 80"],
    ];
    assert_eq!(commands, expected);
}

#[test]
fn form_1_gets_todays_defaults() {
    let home = Home::of(&data("registry-v1.db"));
    let service = home.open().service(&name("pipe")).unwrap();
    assert_eq!(service.working_directory, Path::new("/"));
    assert_eq!(service.stdin, Path::new("/dev/zero"));
    assert_eq!(service.stdout.as_path(), Path::new("/dev/null"));
    assert_eq!(service.env.len() + service.after.len(), 0);
    assert_eq!(
        (service.restart, service.wanted),
        (Restart::default(), false)
    );
    assert_eq!(
        (service.backoff, service.stop),
        (Backoff::default(), StopProfile::default())
    );
}

#[test]
fn a_file_of_2008_that_has_no_number_is_form_1() {
    let home = Home::of(&data("registry-v1.db"));
    home.sql("PRAGMA user_version = 0");
    assert_eq!(home.names(), ["pipe", "var", "web"]);
}

#[test]
fn form_2_keeps_its_values_and_what_is_not_ours() {
    let home = Home::of(&data("registry-v2.db"));
    let made = home.initialize();
    assert_eq!(made.kept, ["column services.note", "table old"]);
    let service = home.open().service(&name("web")).unwrap();
    assert_eq!(service.command, ["python3", "-m", "http.server"]);
    assert_eq!(
        (service.env["A"].as_str(), service.restart),
        ("1", Restart::Always)
    );
    assert_eq!(
        value(home.paths.registry(), "SELECT note FROM services"),
        "kept"
    );
    assert_eq!(
        value(home.paths.registry(), "SELECT cast(x AS TEXT) FROM old"),
        "42"
    );
}

#[test]
fn form_3_keeps_its_values() {
    let home = Home::of(&data("registry-v3.db"));
    let mut db = service("db");
    db.wanted = true;
    assert_eq!(home.open().services().unwrap(), [db, service("web")]);
    let form = "SELECT cast(user_version AS TEXT) FROM pragma_user_version";
    assert_eq!(value(home.paths.registry(), form), "5");
}

#[test]
fn form_4_keeps_its_values() {
    let home = Home::of(&data("registry-v4.db"));
    let web = home.open().service(&name("web")).unwrap();
    assert_eq!(web.ready, Some("port:8000".parse().unwrap()));
    assert_eq!(web.log.keep, 7);
    assert_eq!((web.user, web.umask, web.nice), (None, None, None));
    assert_eq!(web.limits.iter().count(), 0);
}

#[test]
fn a_registry_of_today_is_not_touched() {
    let home = Home::with(&["web"]);
    let before = home.bytes();
    assert_eq!(home.open().services().unwrap(), [service("web")]);
    assert_eq!(home.bytes(), before);
}

#[test]
fn a_migration_runs_the_plan_once_and_keeps_a_backup() {
    for file in ["registry-v1.db", "registry-v2.db"] {
        let home = Home::of(&data(file));
        let plan = Registry::plan(&home.paths).unwrap();
        assert_eq!(home.bytes(), fs::read(data(file)).unwrap());
        let made = home.initialize();
        assert!(!made.created);
        assert_eq!(made.applied, plan);
        let backup = made.backup.unwrap();
        assert!(backup.ends_with("registry.db.1.bak"));
        let dump = "SELECT group_concat(name || command || coalesce(stdin, '-')) FROM services";
        assert_eq!(value(&backup, dump), value(&data(file), dump));
        assert_eq!(home.initialize().backup, None);
    }
}

#[test]
fn a_migration_writes_the_mirrors() {
    let home = Home::of(&data("registry-v1.db"));
    let services = home.open().services().unwrap();
    fs::remove_file(home.paths.registry()).unwrap();
    Registry::recover(&home.paths, |_| false).unwrap();
    assert_eq!(home.open().services().unwrap(), services);
}

#[test]
fn what_is_declared_and_missing_is_added_whatever_the_number_says() {
    let home = Home::with(&["web"]);
    home.sql("DROP INDEX services_wanted; ALTER TABLE services DROP COLUMN wanted");
    let index = "CREATE INDEX services_wanted ON services (wanted)";
    let column = "ALTER TABLE services ADD COLUMN wanted INTEGER NOT NULL DEFAULT 0";
    assert_eq!(Registry::plan(&home.paths).unwrap(), [column, index]);
    assert_eq!(home.open().services().unwrap(), [service("web")]);
}

#[test]
fn a_newer_registry_is_not_touched() {
    let home = Home::with(&["web"]);
    home.sql("PRAGMA user_version = 6");
    let before = home.bytes();
    let errors = [
        Registry::open(&home.paths).err(),
        Registry::initialize(&home.paths).err(),
        Registry::plan(&home.paths).err(),
        Registry::recover(&home.paths, |_| false).err(),
    ];
    for error in errors.map(Option::unwrap) {
        assert!(matches!(error, Error::Newer(_, 6, 5)), "{error}");
        assert!(line(&error).contains("was made by a newer svc"), "{error}");
        assert_eq!(error.exit_code(), 5);
    }
    assert_eq!(home.bytes(), before);
}

#[test]
fn a_database_of_another_program_is_not_touched() {
    for sql in [
        "CREATE TABLE moz_places (id)",
        "CREATE TABLE services (id, title)",
        "PRAGMA application_id = 7; CREATE TABLE services (name, command)",
    ] {
        let home = Home::empty();
        svc::trust::directory(home.paths.home()).unwrap();
        home.sql(sql);
        let before = home.bytes();
        let errors = [
            Registry::open(&home.paths).err(),
            Registry::initialize(&home.paths).err(),
            Registry::recreate(&home.paths).err(),
            Registry::recover(&home.paths, |_| false).err(),
        ];
        for error in errors.map(Option::unwrap) {
            assert!(matches!(error, Error::Foreign(_)), "{error}");
        }
        assert_eq!(home.bytes(), before);
    }
}

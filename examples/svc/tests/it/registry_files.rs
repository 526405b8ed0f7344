//! The registry as a file: absent, old, new, damaged, somebody else's.

use std::fs;

use rusqlite::Connection;
use serde_json::json;

use crate::sandbox::{Sandbox, lives};

/// With three services, of which `run` runs.
fn with_services() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "one", "sleep 1"]);
    sandbox.ok(&[
        "add",
        "two",
        "--env",
        "A=b",
        "--restart",
        "always",
        "sleep 2",
    ]);
    sandbox.start("run", "exec sleep 1000", &[]);
    sandbox
}

/// A registry of 2008, with one service that a shell started.
fn of_form_1(sandbox: &Sandbox) {
    let connection = Connection::open(sandbox.path("registry.db")).unwrap();
    let here = sandbox.path("").display().to_string();
    let sql = format!(
        "CREATE TABLE services (name TEXT, command TEXT, working_directory TEXT);
        INSERT INTO services VALUES ('web', 'sleep 1000', '{here}');
        INSERT INTO services VALUES ('pipe', 'echo hi | cat', '{here}');"
    );
    connection.execute_batch(&sql).unwrap();
}

#[test]
fn without_a_registry_there_is_advice_and_no_file() {
    let sandbox = Sandbox::bare();
    let db = sandbox.path("registry.db").display().to_string();
    for command in [
        &["list"] as &[_],
        &["status", "x"],
        &["start", "x"],
        &["add", "x", "sleep 1"],
        &["recover"],
    ] {
        let error = sandbox.fails(3, command);
        assert_eq!(
            error,
            format!("error: there is no registry {db}: run `svc initialize`")
        );
    }
    assert_eq!(fs::read_dir(sandbox.path("")).unwrap().count(), 0);
}

#[test]
fn the_registry_is_in_the_home_of_its_user() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::bare();
    let line = "unset SVC_DB XDG_STATE_HOME; HOME=$PWD/home; $SVC initialize";
    assert_eq!(sandbox.sh(line).code, 0);
    let directory = sandbox.path("home/.local/state/svc");
    assert!(directory.join("registry.db").is_file());
    assert_eq!(
        fs::metadata(directory).unwrap().permissions().mode() & 0o777,
        0o700
    );
    let line = "unset SVC_DB; export XDG_STATE_HOME=$PWD/state; $SVC initialize";
    assert_eq!(sandbox.sh(line).code, 0);
    assert!(sandbox.path("state/svc/registry.db").is_file());
}

#[test]
fn an_empty_variable_is_as_good_as_none() {
    let sandbox = Sandbox::bare();
    let line = "export SVC_DB= XDG_STATE_HOME=$PWD/state; $SVC initialize && $SVC list";
    let ran = sandbox.sh(line);
    assert_eq!((ran.code, &*ran.err), (0, ""));
    assert!(sandbox.path("state/svc/registry.db").exists());
    // It is another thing to give no name.
    let error = sandbox.usage(&["--db", "", "list"]);
    assert!(error.contains("--db"), "{error}");
}

#[test]
fn initialize_may_be_run_twice() {
    let sandbox = with_services();
    let before = sandbox.ok(&["list", "--json"]);
    assert!(
        sandbox
            .ok(&["initialize"])
            .ends_with("/registry.db: exists already\n")
    );
    assert_eq!(sandbox.ok(&["list", "--json"]), before);
}

#[test]
fn initialize_with_force_keeps_a_copy() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "x", "sleep 1"]);
    let said = sandbox.ok(&["initialize", "--force"]);
    assert_eq!(sandbox.ok(&["list", "--json"]), "[]\n");
    let copy = said
        .lines()
        .last()
        .unwrap()
        .strip_prefix("a copy of the old one: ")
        .unwrap();
    assert!(sandbox.ok(&["--db", copy, "list"]).contains("sleep 1"));
}

#[test]
fn a_dry_run_prints_the_sql_and_runs_none() {
    let sandbox = Sandbox::bare();
    let sql = sandbox.ok(&["initialize", "--dry-run"]);
    assert_eq!(fs::read_dir(sandbox.path("")).unwrap().count(), 0);
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch(&sql).unwrap();
    connection
        .execute("INSERT INTO services (name) VALUES ('x')", [])
        .unwrap();
    sandbox.ok(&["initialize"]);
    assert_eq!(sandbox.ok(&["initialize", "--dry-run"]), "");
}

#[test]
fn a_registry_of_old_is_migrated_once_with_a_copy() {
    let sandbox = Sandbox::bare();
    of_form_1(&sandbox);
    assert!(
        sandbox
            .ok(&["initialize", "--dry-run"])
            .contains("ALTER TABLE services")
    );
    assert_eq!(sandbox.status("web")["command"], json!(["sleep", "1000"]));
    let command = json!(["/bin/sh", "-c", "echo hi | cat"]);
    assert_eq!(sandbox.status("pipe")["command"], command);
    sandbox.ok(&["start", "web"]);
    let copies = fs::read_dir(sandbox.path("")).unwrap().flatten();
    let copies = copies.filter(|file| file.file_name().to_string_lossy().ends_with(".bak"));
    assert_eq!(copies.count(), 1);
}

#[test]
fn a_registry_of_a_newer_program_is_left_alone() {
    let sandbox = with_services();
    let file = sandbox.path("registry.db");
    let newer = Connection::open(&file).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    let before = fs::read(&file).unwrap();
    for command in [
        &["list"] as &[_],
        &["status", "one"],
        &["add", "x", "sleep 1"],
        &["stop", "run"],
        &["remove", "one"],
        &["initialize"],
        &["recover"],
    ] {
        let error = sandbox.fails(5, command);
        let said = "was made by a newer svc: its form is 99, this program knows up to 5";
        assert!(error.ends_with(said), "{error}");
    }
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[test]
fn a_database_of_another_program_is_left_alone() {
    let sandbox = Sandbox::bare();
    let file = sandbox.path("registry.db");
    let other = Connection::open(&file).unwrap();
    other.execute_batch("CREATE TABLE songs (title)").unwrap();
    drop(other);
    let before = fs::read(&file).unwrap();
    for command in ["list", "initialize", "recover"] {
        let error = sandbox.fails(6, &[command]);
        assert!(error.contains("is a file of another program"), "{error}");
    }
    assert_eq!(fs::read(&file).unwrap(), before);
}

/// Damages the registry; then it is said so, and `recover` brings all back, while what runs runs on.
#[track_caller]
fn is_recovered(damage: impl FnOnce(&Sandbox)) {
    let sandbox = with_services();
    let before = sandbox.ok(&["list", "--json"]);
    let (pid, shim) = (sandbox.pid("run"), sandbox.shim("run"));
    damage(&sandbox);
    for command in [
        &["list"] as &[_],
        &["add", "x", "sleep 1"],
        &["stop", "run"],
    ] {
        let error = sandbox.fails(6, command);
        assert!(error.ends_with(": run `svc recover`"), "{error}");
    }
    assert!(lives(pid));
    let said = sandbox.ok(&["recover"]);
    assert!(said.contains(", and is made anew\n"), "{said}");
    assert!(!said.contains("lost"), "{said}");
    assert_eq!(sandbox.ok(&["list", "--json"]), before);
    assert_eq!((sandbox.pid("run"), sandbox.shim("run")), (pid, shim));
    sandbox.ok(&["stop", "run"]);
    assert!(!lives(pid));
}

#[test]
fn only_services_that_do_not_come_back_are_told_as_lost() {
    let sandbox = with_services();
    sandbox.ok(&["stop", "run"]);
    overwrite(&sandbox, |bytes| bytes.fill(0));
    fs::write(sandbox.path("registry.d/services/two.json"), "{").unwrap();
    let said = sandbox.ok(&["recover"]);
    let lost: Vec<_> = said
        .lines()
        .filter(|line| line.contains("lost: "))
        .collect();
    assert_eq!(lost.len(), 1, "{said}");
    assert!(lost[0].contains("/two.json: "), "{said}");
}

#[test]
fn what_was_lost_without_any_copies_is_not_known() {
    let sandbox = with_services();
    sandbox.ok(&["stop", "run"]);
    overwrite(&sandbox, |bytes| bytes.fill(0));
    sandbox.sh("rm -r registry.d/services");
    let said = sandbox.ok(&["recover"]);
    let told = "lost: services that can't be read, if there were any (file is not a database)\n";
    assert!(said.contains(told), "{said}");
}

fn overwrite(sandbox: &Sandbox, change: impl FnOnce(&mut Vec<u8>)) {
    let file = sandbox.path("registry.db");
    let mut bytes = fs::read(&file).unwrap();
    change(&mut bytes);
    fs::write(&file, bytes).unwrap();
}

#[test]
fn a_registry_with_zeroed_pages_is_recovered() {
    is_recovered(|sandbox| overwrite(sandbox, |bytes| bytes[..4096].fill(0)));
    is_recovered(|sandbox| overwrite(sandbox, |bytes| bytes[4096..8192].fill(0)));
}

#[test]
fn a_truncated_registry_is_recovered() {
    is_recovered(|sandbox| overwrite(sandbox, |bytes| bytes.truncate(4096)));
    is_recovered(|sandbox| overwrite(sandbox, |bytes| bytes.truncate(100)));
}

#[test]
fn an_empty_registry_is_recovered() {
    is_recovered(|sandbox| overwrite(sandbox, Vec::clear));
}

#[test]
fn a_registry_that_is_no_database_is_recovered() {
    is_recovered(|sandbox| overwrite(sandbox, |bytes| *bytes = b"not SQLite\n".repeat(999)));
}

#[test]
fn a_registry_that_is_gone_is_recovered() {
    is_recovered(|sandbox| fs::remove_file(sandbox.path("registry.db")).unwrap());
}

#[test]
fn any_page_that_is_zeroed_is_recovered() {
    let sandbox = with_services();
    let (file, whole) = (sandbox.path("registry.db"), sandbox.ok(&["list", "--json"]));
    let bytes = fs::read(&file).unwrap();
    for page in 0..bytes.len() / 4096 {
        let mut damaged = bytes.clone();
        damaged[page * 4096..][..4096].fill(0);
        fs::write(&file, damaged).unwrap();
        let ran = sandbox.run(&["list", "--json"]);
        assert!(ran.code == 6 || ran.out == whole, "page {page}: {ran:?}");
        assert!(ran.err.lines().count() <= 1, "page {page}: {ran:?}");
        sandbox.ok(&["recover"]);
        assert_eq!(sandbox.ok(&["list", "--json"]), whole, "page {page}");
    }
}

#[test]
fn a_whole_registry_is_told_to_be_whole() {
    let sandbox = with_services();
    let said = sandbox.ok(&["recover"]);
    assert!(
        said.lines()
            .next()
            .unwrap()
            .ends_with("/registry.db: is whole"),
        "{said}"
    );
    assert_eq!(said.lines().count(), 5, "{said}");
}

#[test]
fn registries_in_one_directory_are_apart() {
    let sandbox = Sandbox::bare();
    for db in ["a.db", "a.sqlite", "b.d"] {
        sandbox.ok(&["--db", db, "initialize"]);
        sandbox.ok(&["--db", db, "add", "x", "sleep 1000"]);
        sandbox.ok(&["--db", db, "start", "x"]);
        let said = sandbox.ok(&["--db", db, "remove", "--stop", "x"]);
        assert_eq!(said, "x: stopped\nx: removed\n");
        sandbox.ok(&["--db", db, "add", "x", "sleep 1000"]);
    }
}

#[test]
fn a_registry_that_is_a_directory_is_told() {
    let sandbox = Sandbox::bare();
    fs::create_dir(sandbox.path("registry.db")).unwrap();
    let error = sandbox.fails(1, &["list"]);
    assert!(error.contains("/registry.db: "), "{error}");
}

#[test]
fn a_new_registry_is_not_made_while_a_service_of_the_old_one_runs() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "exec sleep 1000", &[]);
    let error = sandbox.fails(1, &["initialize", "--force"]);
    assert_eq!(error, "error: `web` runs: stop it first");
    sandbox.ok(&["stop", "web"]);
    sandbox.ok(&["initialize", "--force"]);
    assert_eq!(sandbox.ok(&["list", "--json"]), "[]\n");
}

#[test]
fn a_new_registry_is_not_made_while_a_service_of_an_unreadable_one_runs() {
    type Damage = fn(&Sandbox);
    let zeroed: Damage = |sandbox| overwrite(sandbox, |bytes| bytes.fill(0));
    let newer: Damage = |sandbox| {
        let connection = Connection::open(sandbox.path("registry.db")).unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
    };
    for damage in [zeroed, newer] {
        let sandbox = with_services();
        damage(&sandbox);
        let error = sandbox.fails(1, &["initialize", "--force"]);
        assert_eq!(error, "error: `run` runs: stop it first");
        crate::sandbox::kill(sandbox.shim("run"), libc::SIGTERM);
        sandbox.until_empty();
        sandbox.ok(&["initialize", "--force"]);
    }
}

#[test]
fn a_new_registry_is_not_made_while_a_service_waits_to_start_again() {
    let sandbox = Sandbox::new();
    let pauses = ["--restart-pause", "500", "--restart-longest", "1000"];
    let options = [&["--restart", "always"], &pauses[..]].concat();
    sandbox.start("web", "exit 1", &options);
    sandbox.until("web", "waiting");
    let error = sandbox.fails(1, &["initialize", "--force"]);
    assert_eq!(error, "error: `web` runs: stop it first");
    sandbox.ok(&["stop", "web"]);
}

#[test]
fn a_file_that_is_no_registry_at_all_is_left_alone() {
    let sandbox = Sandbox::bare();
    std::fs::write(sandbox.path("notes.txt"), "buy milk\n".repeat(100)).unwrap();
    for command in ["list", "recover", "initialize"] {
        let error = sandbox.fails(6, &["--db", "notes.txt", command]);
        assert!(
            error.contains("notes.txt is a file of another program"),
            "{error}"
        );
    }
    assert!(sandbox.read("notes.txt").starts_with("buy milk"));
}

#[test]
fn a_service_that_an_older_registry_hides_is_seen_and_comes_back() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "old", "sleep 1"]);
    fs::copy(sandbox.path("registry.db"), sandbox.path("older.db")).unwrap();
    sandbox.ok(&["add", "gone", "sleep 1"]);
    sandbox.start("new", "exec sleep 1000", &[]);
    fs::copy(sandbox.path("older.db"), sandbox.path("registry.db")).unwrap();
    let told = "`new` runs, but is not in the registry: `svc recover` brings it back\n";
    let list = sandbox.run(&["list"]);
    assert_eq!((list.code, list.err), (0, format!("note: {told}")));
    assert_eq!(sandbox.run(&["stop", "new"]).err, format!("error: {told}"));
    assert_eq!(sandbox.run(&["stop", "new"]).code, 4);
    let recovered = sandbox.ok(&["recover"]);
    assert!(
        recovered.contains("new: runs, and has its row again\n"),
        "{recovered}"
    );
    assert_eq!(sandbox.state("new"), "running");
    sandbox.ok(&["stop", "new"]);
    // What did not run is no service any more, and its copy is kept beside.
    sandbox.fails(4, &["status", "gone"]);
    assert!(sandbox.path("registry.d/services/gone.json.1.bak").exists());
}

#[test]
fn a_removed_service_leaves_no_files() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "exec sleep 1000", &[]);
    sandbox.ok(&["remove", "--stop", "web"]);
    let left = sandbox.sh("find registry.d -name '*web*'").out;
    assert_eq!(left, "");
}

#[test]
fn what_a_killed_change_has_left_goes_with_the_next() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "web", "sleep 1"]);
    let mut edit = sandbox.command(&["edit", "web", "sleep 2"]);
    edit.env("SVC_KILL_AT", "RowCommitted").output().unwrap();
    assert!(sandbox.path("registry.d/services/web.json.new").exists());
    sandbox.ok(&["add", "other", "sleep 1"]);
    assert!(!sandbox.path("registry.d/services/web.json.new").exists());
}

#[test]
fn what_needs_no_registry_works_while_it_is_locked() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "exec sleep 1000", &[]);
    let registry = Connection::open(sandbox.path("registry.db")).unwrap();
    registry.execute_batch("BEGIN EXCLUSIVE").unwrap();
    assert_eq!(sandbox.state("web"), "running");
    let told = sandbox.run(&["stop", "web"]);
    assert_eq!((told.code, &*told.out), (1, "web: stopped\n"));
    assert!(told.err.contains("the registry is locked"), "{told:?}");
    assert!(sandbox.processes().is_empty());
    let told = sandbox.fails(1, &["start", "web"]);
    assert!(
        told.ends_with("another program has it locked, and does not end"),
        "{told}"
    );
}

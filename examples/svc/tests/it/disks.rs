//! Disks that are full, or can't be written.

use crate::sandbox::{Sandbox, eventually, lives};

const FULL: &str = "No space left on device";

/// On a disk of its own, of 64 KiB, with a service `web` that is not started.
fn on_a_small_disk() -> Option<Sandbox> {
    let mut sandbox = Sandbox::bare();
    let made = sandbox.mounts("mount -t tmpfs -o size=64k,mode=700 none .");
    made.then(|| {
        sandbox.ok(&["initialize"]);
        sandbox.ok(&["add", "web", "sleep 1000"]);
        sandbox
    })
}

/// Leaves no room on the disk.
fn fill(sandbox: &Sandbox) {
    sandbox.sh("cat /dev/zero > full 2>/dev/null; for i in 1 2 3 4 5; do echo x > full.$i; done");
}

/// With a service `web`, on a disk that can't be written any more.
fn on_a_read_only_disk(before: impl FnOnce(&Sandbox)) -> Option<Sandbox> {
    let mut sandbox = Sandbox::new();
    sandbox.ok(&["add", "web", "sleep 1000"]);
    before(&sandbox);
    let made = sandbox.mounts("mount --bind . . && mount -o remount,ro,bind .");
    made.then_some(sandbox)
}

#[test]
fn a_service_lives_when_its_log_is_full() {
    let sandbox = Sandbox::new();
    let line = "while :; do echo x; sleep .01; done";
    sandbox.ok(&["add", "x", "-o", "/dev/full", "--", "sh", "-c", line]);
    sandbox.ok(&["start", "x"]);
    let pid = sandbox.pid("x");
    std::thread::sleep(std::time::Duration::from_millis(200));
    assert_eq!((sandbox.pid("x"), lives(pid)), (pid, true));
    sandbox.ok(&["stop", "x"]);
}

#[test]
fn a_service_lives_when_the_disk_of_its_log_is_full() {
    let Some(sandbox) = on_a_small_disk() else {
        return;
    };
    let line = "until [ -e go ]; do sleep .01; done; while :; do echo xxxxxxxx || : > full; done";
    sandbox.ok(&["add", "x", "-o", "log", "--", "sh", "-c", line]);
    sandbox.ok(&["start", "x"]);
    sandbox.sh(": > go");
    eventually("the disk is full", || sandbox.sh("test -e full").code == 0);
    assert_eq!(sandbox.state("x"), "running");
    assert_stops(&sandbox, "x");
}

#[test]
fn a_full_disk_refuses_changes_in_one_line_and_loses_nothing() {
    let Some(sandbox) = on_a_small_disk() else {
        return;
    };
    let before = sandbox.ok(&["list", "--json"]);
    fill(&sandbox);
    for command in [
        &["add", "new", "sleep 1"] as &[_],
        &["edit", "web", "sleep 1"],
        &["remove", "web"],
        &["initialize", "--force"],
    ] {
        let error = sandbox.fails(1, command);
        let told = error.contains(FULL) || error.contains("no storage space");
        assert!(told && error.contains("/registry."), "{error}");
        assert_eq!(sandbox.ok(&["list", "--json"]), before);
    }
    sandbox.sh("rm full");
    assert_eq!(sandbox.ok(&["list", "--json"]), before);
    sandbox.ok(&["add", "new", "sleep 1"]);
}

#[test]
fn a_service_does_not_start_if_that_can_not_be_written() {
    let Some(sandbox) = on_a_small_disk() else {
        return;
    };
    fill(&sandbox);
    let error = sandbox.fails(1, &["start", "web"]);
    assert!(error.ends_with(FULL), "{error}");
    sandbox.until("web", "stopped");
}

#[test]
fn a_service_stops_on_a_full_disk() {
    let Some(sandbox) = on_a_small_disk() else {
        return;
    };
    sandbox.ok(&["start", "web"]);
    let pid = sandbox.pid("web");
    fill(&sandbox);
    assert_stops(&sandbox, "web");
    assert!(!lives(pid));
}

/// It stops. That it will come back with the machine can't be changed, and that is told.
#[track_caller]
fn assert_stops(sandbox: &Sandbox, name: &str) {
    let ran = sandbox.run(&["stop", name]);
    assert_eq!((ran.code, &*ran.out), (1, &*format!("{name}: stopped\n")));
    assert!(
        ran.err.ends_with("/registry.db: No space left on device\n"),
        "{ran:?}"
    );
    assert_eq!(ran.err.lines().count(), 1, "{ran:?}");
    assert_eq!(sandbox.state(name), "stopped");
}

#[test]
fn a_service_restarts_on_a_full_disk() {
    let Some(sandbox) = on_a_small_disk() else {
        return;
    };
    sandbox.ok(&["start", "web"]);
    let pid = sandbox.pid("web");
    fill(&sandbox);
    sandbox.ok(&["restart", "web"]);
    assert_ne!(sandbox.pid("web"), pid);
    assert_eq!(sandbox.state("web"), "running");
}

#[test]
fn a_full_output_is_told_in_one_line() {
    let sandbox = Sandbox::new();
    for command in [
        "list",
        "boot",
        "man",
        "completions bash",
        "initialize",
        "add x sleep",
    ] {
        let ran = sandbox.sh(&format!("$SVC {command} > /dev/full"));
        let error = "error: standard output: No space left on device\n";
        assert_eq!((ran.code, &*ran.err), (1, error), "{command}");
    }
}

#[test]
fn a_full_output_keeps_nothing_from_being_done() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "a", "sleep 1000"]);
    sandbox.ok(&["add", "b", "sleep 1000"]);
    assert_eq!(sandbox.sh("$SVC start --all > /dev/full").code, 1);
    for name in ["a", "b"] {
        assert_eq!(sandbox.state(name), "running");
        assert_eq!(sandbox.status(name)["wanted"], true);
    }
}

#[test]
fn a_read_only_disk_can_be_looked_at() {
    let start = |sandbox: &Sandbox| drop(sandbox.ok(&["start", "web"]));
    let Some(sandbox) = on_a_read_only_disk(start) else {
        return;
    };
    assert_eq!(sandbox.state("web"), "running");
    assert!(sandbox.ok(&["list"]).contains("running"));
}

#[test]
fn a_read_only_disk_refuses_changes_in_one_line() {
    let Some(sandbox) = on_a_read_only_disk(|_| ()) else {
        return;
    };
    for command in [
        &["start", "web"] as &[_],
        &["add", "new", "sleep 1"],
        &["edit", "web", "sleep 1"],
        &["remove", "web"],
        &["initialize", "--force"],
    ] {
        let error = sandbox.fails(1, command);
        let told = error.contains("/registry.") && error.ends_with("Read-only file system");
        assert!(told, "{error}");
    }
    assert_eq!(sandbox.state("web"), "stopped");
}

#[test]
fn a_read_only_home_is_told() {
    let mut sandbox = Sandbox::bare();
    if !sandbox.mounts("mount --bind . . && mount -o remount,ro,bind .") {
        return;
    }
    let home = sandbox.path("").display().to_string();
    let ran = sandbox.sh(&format!("unset SVC_DB; HOME={home} $SVC initialize"));
    assert_eq!((ran.code, ran.err.lines().count()), (1, 1), "{ran:?}");
    assert!(ran.err.ends_with(": Read-only file system\n"), "{ran:?}");
    sandbox.fails(3, &["list"]);
}

#[test]
fn a_service_stops_though_its_disk_became_read_only() {
    let start = |sandbox: &Sandbox| drop(sandbox.ok(&["start", "web"]));
    let Some(sandbox) = on_a_read_only_disk(start) else {
        return;
    };
    let pid = sandbox.pid("web");
    let ran = sandbox.run(&["stop", "web"]);
    assert_eq!((ran.code, &*ran.out), (1, "web: stopped\n"));
    assert!(ran.err.ends_with("Read-only file system\n"), "{ran:?}");
    assert_eq!(ran.err.lines().count(), 1, "{ran:?}");
    assert!(!lives(pid));
}

#[test]
fn a_stop_that_can_not_be_written_down_is_one() {
    let mut sandbox = Sandbox::new();
    sandbox.start("web", "exec sleep 1000", &[]);
    sandbox.ok(&["stop", "web"]);
    let states = "registry.d/states";
    if !sandbox.mounts(&format!("mount --bind {states} {states}")) {
        return;
    }
    sandbox.ok(&["start", "web"]);
    let pid = sandbox.pid("web");
    let mounted = sandbox.sh(&format!("mount -o remount,ro,bind {states}"));
    assert_eq!(mounted.code, 0, "{mounted:?}");
    assert_eq!(sandbox.ok(&["stop", "web"]), "web: stopped\n");
    assert!(!lives(pid));
}

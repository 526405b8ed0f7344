//! Services that start after others.

use crate::sandbox::Sandbox;

/// Three in a row: each says which of them run when it starts, and when it ends.
fn row() -> Sandbox {
    let sandbox = Sandbox::new();
    let shell = "trap 'echo $SVC_NAME ends >> said; exit' TERM; \
        cd registry.d/states; for other in a b c; do \
        grep -q '\"phase\":\"running\"' $other.json && echo $SVC_NAME sees $other >> ../../said; \
        done; cd ../..; touch $SVC_NAME.up; while :; do sleep 0.05; done";
    sandbox.add("c", shell, &["--after", "b"]);
    sandbox.add("b", shell, &["--after", "a"]);
    sandbox.add("a", shell, &[]);
    sandbox
}

fn until_up(sandbox: &Sandbox) {
    crate::sandbox::eventually("all are up", || {
        ["a.up", "b.up", "c.up"]
            .iter()
            .all(|file| sandbox.path(file).exists())
    });
}

#[test]
fn who_comes_after_nobody_is_noted() {
    let sandbox = Sandbox::new();
    let note = "note: `web` starts after `bd`, and there is no such service yet\n";
    let ran = sandbox.run(&["add", "web", "--after", "bd", "sleep 1"]);
    assert_eq!((ran.code, &*ran.out, &*ran.err), (0, "web: added\n", note));
    let ran = sandbox.run(&["edit", "web", "sleep 2"]);
    assert_eq!((ran.code, &*ran.err), (0, ""));
    sandbox.ok(&["add", "db", "sleep 1"]);
    let ran = sandbox.run(&["edit", "web", "--after", "db", "--after", "cache"]);
    let note = note.replace("bd", "cache");
    assert_eq!((ran.code, &*ran.out, ran.err), (0, "web: changed\n", note));
}

#[test]
fn who_comes_after_another_starts_after_it() {
    let sandbox = row();
    let told = sandbox.ok(&["start", "--all"]);
    let names: Vec<_> = told.lines().map(|line| &line[..1]).collect();
    assert_eq!(names, ["a", "b", "c"]);
    until_up(&sandbox);
    let said = sandbox.text("said");
    for line in ["b sees a", "c sees b", "c sees a"] {
        assert!(said.contains(line), "{said}");
    }
}

#[test]
fn they_stop_the_other_way_round() {
    let sandbox = row();
    sandbox.ok(&["start", "a", "c", "b"]);
    until_up(&sandbox);
    std::fs::remove_file(sandbox.path("said")).unwrap();
    sandbox.ok(&["stop", "a", "b", "c"]);
    assert_eq!(sandbox.text("said"), "c ends\nb ends\na ends\n");
}

#[test]
fn a_restart_keeps_both_orders() {
    let sandbox = row();
    sandbox.ok(&["start", "--all"]);
    until_up(&sandbox);
    let told = sandbox.ok(&["restart", "--all"]);
    let names: String = told.lines().map(|line| &line[..1]).collect();
    assert_eq!(names, "cbaabc");
}

/// Makes a circle of the three, as older programs let one.
fn close(sandbox: &Sandbox) {
    let registry = rusqlite::Connection::open(sandbox.path("registry.db")).unwrap();
    let sql = "UPDATE services SET after = '[\"c\"]' WHERE name = 'a'";
    assert_eq!(registry.execute(sql, []).unwrap(), 1);
}

#[test]
fn a_circle_is_refused_when_it_is_made() {
    let sandbox = row();
    let told = sandbox.fails(1, &["edit", "a", "--after", "c"]);
    assert!(
        told.starts_with("error: `a`, `c`, `b` start after each other in a circle"),
        "{told}"
    );
    let told = sandbox.fails(1, &["edit", "a", "--after", "a"]);
    assert_eq!(told, "error: `a` can't start after itself");
    let told = sandbox.fails(1, &["add", "d", "--after", "d", "sleep 1"]);
    assert_eq!(told, "error: `d` can't start after itself");
    // Of a service that is not there yet it is refused when it comes.
    sandbox.ok(&["add", "e", "--after", "f", "sleep 1"]);
    let told = sandbox.fails(1, &["add", "f", "--after", "e", "sleep 1"]);
    assert!(
        told.starts_with("error: `f`, `e` start after each other"),
        "{told}"
    );
    // Who is not in it may be changed all the same.
    close(&sandbox);
    sandbox.ok(&["edit", "e", "--after", "a"]);
    sandbox.ok(&["edit", "a", "--unset-after", "c"]);
}

#[test]
fn a_circle_keeps_nobody_from_starting_that_is_outside_of_it() {
    let sandbox = row();
    close(&sandbox);
    sandbox.add("before", "exec sleep 1000", &[]);
    sandbox.add("behind", "exec sleep 1000", &["--after", "c"]);
    let ran = sandbox.run(&["start", "--all"]);
    assert_eq!(ran.code, 1);
    let error = "error: `a`, `b`, `c` start after each other in a circle: \
        `svc edit NAME --unset-after NAME` opens it\n";
    assert_eq!(ran.err, error);
    let running = ["before", "behind"].map(|name| sandbox.state(name));
    assert_eq!(running, ["running", "running"]);
    assert_eq!(sandbox.state("a"), "stopped");
    // Two of them are none.
    sandbox.ok(&["start", "a", "b"]);
}

#[test]
fn a_circle_keeps_nobody_from_stopping() {
    let sandbox = row();
    sandbox.ok(&["start", "--all"]);
    until_up(&sandbox);
    close(&sandbox);
    sandbox.fails(1, &["restart", "--all"]);
    assert_eq!(sandbox.state("a"), "running");
    sandbox.ok(&["stop", "--all"]);
    assert!(sandbox.processes().is_empty());
}

#[test]
fn one_alone_starts_without_those_before_it() {
    let sandbox = row();
    sandbox.ok(&["start", "c"]);
    assert_eq!(sandbox.state("b"), "stopped");
}

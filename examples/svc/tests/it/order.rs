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

#[test]
fn a_circle_is_an_error() {
    let sandbox = row();
    sandbox.ok(&["edit", "a", "--after", "c"]);
    let told = sandbox.fails(1, &["start", "--all"]);
    assert_eq!(
        told,
        "error: `a`, `b`, `c` start after each other in a circle"
    );
    assert!(sandbox.processes().is_empty());
    // Two of them are none.
    sandbox.ok(&["start", "a", "b"]);
    sandbox.ok(&["stop", "a", "b"]);
}

#[test]
fn a_circle_keeps_nobody_from_stopping() {
    let sandbox = row();
    sandbox.ok(&["start", "--all"]);
    until_up(&sandbox);
    sandbox.ok(&["edit", "a", "--after", "c"]);
    sandbox.fails(1, &["restart", "--all"]);
    assert_eq!(sandbox.state("a"), "running");
    sandbox.ok(&["stop", "--all"]);
    assert!(sandbox.processes().is_empty());
}

#[test]
fn a_place_in_the_order_can_be_taken_back() {
    let sandbox = row();
    sandbox.ok(&["edit", "a", "--after", "a"]);
    let told = sandbox.fails(1, &["start", "a"]);
    assert!(told.starts_with("error: `a` starts after itself"), "{told}");
    sandbox.ok(&["edit", "a", "--unset-after", "a"]);
    sandbox.ok(&["start", "a"]);
}

#[test]
fn one_alone_starts_without_those_before_it() {
    let sandbox = row();
    sandbox.ok(&["start", "c"]);
    assert_eq!(sandbox.state("b"), "stopped");
}

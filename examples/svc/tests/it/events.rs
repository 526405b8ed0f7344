//! What happened to which service, and when.

use std::io::{BufRead, BufReader};

use serde_json::Value;

use crate::sandbox::{Sandbox, eventually};

/// The events of a service, as JSON.
#[track_caller]
fn events(sandbox: &Sandbox, name: &str) -> Vec<Value> {
    let out = sandbox.ok(&["events", name, "--json", "-n", "1000"]);
    out.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Their kinds.
#[track_caller]
fn kinds(sandbox: &Sandbox, name: &str) -> Vec<String> {
    let kind = |event: &Value| event["event"].as_str().unwrap().to_owned();
    events(sandbox, name).iter().map(kind).collect()
}

#[test]
fn the_life_of_a_service_is_recorded() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "exec sleep 1000", &[]);
    let pid = sandbox.pid("web");
    sandbox.ok(&["stop", "web"]);
    assert_eq!(kinds(&sandbox, "web"), ["started", "stopping", "stopped"]);
    let found = events(&sandbox, "web");
    assert_eq!(found[0]["pid"], pid);
    let times: Vec<_> = found
        .iter()
        .map(|event| event["time"].as_u64().unwrap())
        .collect();
    assert!(
        times.is_sorted() && times[0] > 1_700_000_000_000,
        "{times:?}"
    );
    sandbox.ok(&["remove", "web"]);
    assert_eq!(kinds(&sandbox, "web").last().unwrap(), "removed");
}

#[test]
fn a_crash_is_recorded_with_its_exit_and_the_restarts_with_their_end() {
    let sandbox = Sandbox::new();
    sandbox.start(
        "x",
        "exit 3",
        &[
            "--restart",
            "always",
            "--restart-pause",
            "0.01",
            "--restart-starts",
            "2",
        ],
    );
    sandbox.until("x", "parked");
    assert_eq!(
        kinds(&sandbox, "x"),
        ["started", "ended", "started", "parked"]
    );
    let found = events(&sandbox, "x");
    assert_eq!(found[1]["exit"], serde_json::json!({"code": 3}));
    assert_eq!(found[1]["detail"], "comes back");
    assert_eq!(found[3]["exit"], serde_json::json!({"code": 3}));
    let text = sandbox.ok(&["events"]);
    assert!(
        text.lines()
            .nth(1)
            .unwrap()
            .ends_with("x            ended (exit 3, comes back)"),
        "{text}"
    );
}

#[test]
fn a_start_that_fails_is_recorded_with_its_reason() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "x", "/no/such"]);
    sandbox.fails(127, &["start", "x"]);
    let found = events(&sandbox, "x");
    assert_eq!(found[0]["event"], "failed");
    assert_eq!(
        found[0]["detail"],
        "exec /no/such: No such file or directory"
    );
}

#[test]
fn readiness_and_adoption_are_recorded() {
    let sandbox = Sandbox::new();
    sandbox.start("x", "echo up; exec sleep 1000", &["--ready", "log:up"]);
    assert_eq!(kinds(&sandbox, "x"), ["started", "ready"]);
    sandbox.replace_shim("x");
    assert_eq!(kinds(&sandbox, "x"), ["started", "ready", "adopted"]);
    assert_eq!(events(&sandbox, "x")[2]["pid"], sandbox.pid("x"));
}

#[test]
fn new_events_are_followed_until_the_reader_leaves() {
    let sandbox = Sandbox::new();
    sandbox.start("old", "exit 0", &[]);
    sandbox.until("old", "ended");
    let mut follower = sandbox
        .command(&["events", "-f", "web*", "--json"])
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(follower.stdout.take().unwrap()).lines();
    sandbox.start("web1", "exec sleep 1000", &[]);
    let mut next = || -> Value { serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap() };
    let event = next();
    assert_eq!(
        (&event["name"], &event["event"]),
        (&"web1".into(), &"started".into())
    );
    sandbox.ok(&["stop", "web1"]);
    assert_eq!(next()["event"], "stopping");
    assert_eq!(next()["event"], "stopped");
    drop(lines);
    eventually("it has left", || follower.try_wait().unwrap().is_some());
    assert!(follower.wait().unwrap().success());
}

#[test]
fn the_last_events_or_those_since_a_time_are_printed() {
    let sandbox = Sandbox::new();
    for _ in 0..3 {
        sandbox.run(&["remove", "x"]);
        sandbox.start("x", "exit 0", &[]);
        sandbox.until("x", "ended");
    }
    assert_eq!(sandbox.ok(&["events", "-n", "2"]).lines().count(), 2);
    assert_eq!(sandbox.ok(&["events", "--since", "1h"]).lines().count(), 8);
    assert_eq!(
        sandbox.ok(&["events", "--since", "2099-01-01 00:00:00"]),
        ""
    );
    assert_eq!(sandbox.ok(&["events", "other"]), "");
}

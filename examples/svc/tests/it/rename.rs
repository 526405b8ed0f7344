//! A service that gets another name.

use svc::kill_point::KillPoint;

use crate::sandbox::{Sandbox, eventually};

/// A service that has ended, and has written something.
fn with_log() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.start("old", "echo said; exit 3", &["--env", "A=1"]);
    sandbox.until("old", "dead");
    eventually("it is in the log", || {
        sandbox.run(&["logs", "old"]).out == "said\n"
    });
    sandbox
}

#[test]
fn a_renamed_service_keeps_its_log_and_how_it_ended() {
    let sandbox = with_log();
    sandbox.ok(&["add", "next", "--after", "old", "sleep 1000"]);
    assert_eq!(sandbox.ok(&["rename", "old", "new"]), "old: is now new\n");
    sandbox.fails(4, &["status", "old"]);
    let status = sandbox.status("new");
    assert_eq!(
        (&status["state"], &status["detail"]),
        (&"dead".into(), &"exit 3".into())
    );
    assert_eq!(status["env"]["A"], "1");
    assert_eq!(status["is_changed"], false);
    assert_eq!(sandbox.ok(&["logs", "new"]), "said\n");
    assert_eq!(sandbox.status("next")["after"], serde_json::json!(["new"]));
    let left = sandbox.sh("find registry.d | grep old").out;
    assert_eq!(left, "");
    let events = sandbox.ok(&["events", "old", "-n", "1"]);
    assert!(events.ends_with("renamed (now new)\n"), "{events}");
    assert!(sandbox.ok(&["recover"]).contains("is whole"));
    sandbox.ok(&["start", "next"]);
}

#[test]
fn a_service_that_runs_keeps_its_name() {
    let sandbox = Sandbox::new();
    sandbox.start("x", "exec sleep 1000", &[]);
    let error = sandbox.fails(1, &["rename", "x", "y"]);
    assert_eq!(error, "error: `x` runs: stop it first");
    assert_eq!(sandbox.state("x"), "running");
    sandbox.ok(&["stop", "x"]);
    sandbox.ok(&["rename", "x", "y"]);
    sandbox.ok(&["start", "y"]);
    assert_eq!(sandbox.state("y"), "running");
}

#[test]
fn no_service_takes_the_name_of_another() {
    let sandbox = with_log();
    sandbox.ok(&["add", "new", "sleep 1"]);
    let error = sandbox.fails(1, &["rename", "old", "new"]);
    assert_eq!(error, "error: there is a service `new` already");
    sandbox.fails(1, &["rename", "old", "old"]);
    sandbox.fails(4, &["rename", "nosuch", "other"]);
    assert_eq!(sandbox.ok(&["logs", "old"]), "said\n");
}

#[test]
fn a_rename_that_was_killed_can_be_done_again() {
    for point in [KillPoint::LogRenamed, KillPoint::RowChanged] {
        let sandbox = with_log();
        let mut command = sandbox.command(&["rename", "old", "new"]);
        command.env("SVC_KILL_AT", point.name());
        assert!(!command.output().unwrap().status.success());
        sandbox.ok(&["rename", "old", "new"]);
        assert_eq!(sandbox.ok(&["logs", "new"]), "said\n", "{point:?}");
        assert_eq!(sandbox.state("new"), "dead", "{point:?}");
    }
}

//! Services that are started from within another one.

use crate::sandbox::{Sandbox, eventually, lives};

/// Starts `outer`, which starts `inner` in this way and then goes on so.
#[track_caller]
fn nested_by(start: &str, then: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.add("inner", "exec sleep 1000", &[]);
    let db = format!("SVC_DB={}", sandbox.path("registry.db").display());
    let svc = format!("SVC={}", env!("CARGO_BIN_EXE_svc"));
    let shell = format!("{start}; echo up >> said; {then}");
    sandbox.start("outer", &shell, &["--env", &db, "--env", &svc]);
    sandbox.until_lines("said", 1);
    sandbox
}

#[track_caller]
fn nested(then: &str) -> Sandbox {
    let sandbox = nested_by("$SVC start inner", then);
    assert_eq!(sandbox.state("inner"), "running");
    sandbox
}

/// Only the service that was started from within the other is left, and can be stopped.
#[track_caller]
fn inner_runs_alone(sandbox: &Sandbox) {
    let (shim, pid) = (sandbox.shim("inner"), sandbox.pid("inner"));
    assert!(lives(shim) && lives(pid));
    eventually("it is alone", || sandbox.processes().len() == 2);
    assert_eq!(sandbox.state("inner"), "running");
    assert_eq!(sandbox.ok(&["stop", "inner"]), "inner: stopped\n");
    assert!(sandbox.processes().is_empty());
}

#[test]
fn a_service_is_not_stopped_with_the_one_that_started_it() {
    let sandbox = nested("sleep 1000");
    assert_eq!(sandbox.ok(&["stop", "outer"]), "outer: stopped\n");
    assert_eq!(sandbox.state("outer"), "stopped");
    inner_runs_alone(&sandbox);
}

#[test]
fn a_service_started_with_an_environment_of_its_own_is_not_stopped_either() {
    let start = r#"env -i SVC_DB="$SVC_DB" "$SVC" start inner"#;
    let sandbox = nested_by(start, "sleep 1000");
    assert_eq!(sandbox.ok(&["stop", "outer"]), "outer: stopped\n");
    inner_runs_alone(&sandbox);
}

#[test]
fn a_service_is_not_ended_with_the_one_that_started_it() {
    let sandbox = nested("exit 3");
    sandbox.until("outer", "dead");
    inner_runs_alone(&sandbox);
}

#[test]
fn a_service_is_not_stopped_with_the_orphan_that_started_it() {
    let sandbox = nested("sleep 1000");
    sandbox.replace_shim("outer");
    assert_eq!(sandbox.ok(&["stop", "outer"]), "outer: stopped\n");
    inner_runs_alone(&sandbox);
}

#[test]
fn an_orphan_is_not_stopped_with_the_service_that_started_it() {
    let sandbox = nested("sleep 1000");
    let pid = sandbox.pid("inner");
    sandbox.replace_shim("inner");
    assert_eq!(sandbox.ok(&["stop", "outer"]), "outer: stopped\n");
    assert_eq!(sandbox.pid("inner"), pid);
    inner_runs_alone(&sandbox);
}

#[test]
fn who_only_starts_another_has_ended() {
    let sandbox = nested("exit 0");
    sandbox.until("outer", "ended");
    inner_runs_alone(&sandbox);
}

#[test]
fn who_only_starts_another_ends_here_too() {
    let sandbox = nested("exit 7");
    sandbox.ok(&["stop", "inner"]);
    sandbox.until("outer", "dead");
    assert_eq!(sandbox.run(&["run", "outer"]).code, 7);
    inner_runs_alone(&sandbox);
}

#[test]
fn who_started_another_runs_on_when_that_is_stopped() {
    let sandbox = nested("exec sleep 1000");
    assert_eq!(sandbox.ok(&["stop", "inner"]), "inner: stopped\n");
    eventually("two are left", || sandbox.processes().len() == 2);
    assert_eq!(sandbox.state("outer"), "running");
    sandbox.ok(&["stop", "outer"]);
    assert!(sandbox.processes().is_empty());
}

#[test]
fn a_service_in_the_foreground_of_another_is_stopped_with_it() {
    let sandbox = nested_by("$SVC run inner & true", "wait");
    sandbox.until("inner", "running");
    assert_eq!(sandbox.ok(&["stop", "outer"]), "outer: stopped\n");
    assert_eq!(sandbox.state("inner"), "stopped");
    assert!(sandbox.processes().is_empty());
}

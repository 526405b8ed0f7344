//! `svc wait`.

use crate::sandbox::Sandbox;

#[test]
fn a_wait_ends_when_the_service_is_ready() {
    let sandbox = Sandbox::new();
    let shell = "until [ -e go ]; do sleep 0.02; done; echo serving; exec sleep 1000";
    sandbox.add("web", shell, &["--ready", "log:serving"]);
    let mut wait = sandbox.command(&["wait", "web"]).spawn().unwrap();
    let mut start = sandbox.command(&["start", "web"]).spawn().unwrap();
    sandbox.until("web", "running");
    assert!(wait.try_wait().unwrap().is_none());
    let told = sandbox.fails(1, &["wait", "web", "--timeout", "0.1"]);
    let expected = "web: the time is up: no line of its log has \"serving\"";
    assert!(told.contains(expected), "{told}");
    std::fs::write(sandbox.path("go"), "").unwrap();
    assert!(wait.wait().unwrap().success());
    assert!(start.wait().unwrap().success());
    // The line came before this wait.
    sandbox.ok(&["wait", "web", "--timeout", "10"]);
}

#[test]
fn a_wait_ends_when_the_service_has_stopped() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "one", "true"]);
    sandbox.ok(&["wait", "one", "--for", "stopped"]);
    sandbox.start("web", "exec sleep 1000", &[]);
    let told = sandbox.fails(1, &["wait", "web", "--for", "stopped", "--timeout", "0"]);
    assert!(told.contains("it is running"), "{told}");
    let mut wait = sandbox
        .command(&["wait", "*", "--for", "stopped"])
        .spawn()
        .unwrap();
    sandbox.ok(&["stop", "web"]);
    assert!(wait.wait().unwrap().success());
}

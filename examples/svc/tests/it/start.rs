//! Starting and stopping, where all goes well.

use crate::sandbox::{Sandbox, lives};

#[test]
fn a_service_starts_and_stops() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "web", "sleep 1000"]);
    sandbox.ok(&["start", "web"]);
    let pid = sandbox.pid("web");
    assert!(lives(pid));
    assert_eq!(sandbox.ok(&["stop", "web"]), "web: stopped\n");
    assert!(!lives(pid));
    assert_eq!(sandbox.state("web"), "stopped");
}

#[test]
fn nothing_is_left_of_a_service_that_was_stopped() {
    let sandbox = Sandbox::new();
    sandbox.ok(&[
        "add",
        "web",
        "--",
        "sh",
        "-c",
        "sleep 1000 & setsid sleep 1000 & wait",
    ]);
    sandbox.ok(&["start", "web"]);
    crate::sandbox::eventually("all run", || sandbox.processes().len() == 4);
    sandbox.ok(&["stop", "web"]);
    assert!(sandbox.processes().is_empty());
}

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
fn a_service_runs_once_by_whatever_name_its_registry_is_called() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "exec sleep 1000", &[]);
    let ran =
        sandbox.sh("ln -s registry.db link.db; ln -s . here; mkdir far; ln -s ../link.db far");
    assert_eq!(ran.code, 0);
    for name in [
        "link.db",
        "here/registry.db",
        "far/link.db",
        "far/../registry.db",
    ] {
        let told = sandbox.ok(&["--db", name, "start", "web"]);
        assert!(told.starts_with("web: already running"), "{name}: {told}");
    }
    assert_eq!(sandbox.processes().len(), 2);
    assert_eq!(
        sandbox.ok(&["--db", "link.db", "stop", "web"]),
        "web: stopped\n"
    );
    assert!(sandbox.processes().is_empty());
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

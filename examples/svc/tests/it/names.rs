//! Names and patterns of services, and signals to them.

use crate::sandbox::{Sandbox, eventually};

#[test]
fn a_pattern_means_all_services_whose_names_match() {
    let sandbox = Sandbox::new();
    for name in ["web-1", "web-2", "db"] {
        sandbox.add(name, "exec sleep 1000", &[]);
    }
    let told = sandbox.ok(&["start", "web-*", "web-2"]);
    assert_eq!(told.lines().count(), 2, "{told}");
    let states = ["web-1", "web-2", "db"].map(|name| sandbox.state(name));
    assert_eq!(states, ["running", "running", "stopped"]);
    assert_eq!(sandbox.ok(&["stop", "web-?"]).lines().count(), 2);
    assert_eq!(
        sandbox.ok(&["remove", "web-[12]"]),
        "web-1: removed\nweb-2: removed\n"
    );
    assert!(sandbox.processes().is_empty());
}

#[test]
fn a_pattern_that_no_name_matches_is_an_error() {
    let sandbox = Sandbox::new();
    let told = sandbox.fails(4, &["start", "web-*"]);
    assert_eq!(told, "error: there is no service like `web-*`");
    sandbox.usage(&["start", "web-["]);
}

#[test]
fn a_signal_goes_to_the_main_process() {
    let sandbox = Sandbox::new();
    let shell = "trap 'echo heard > heard' USR1; echo up > said; while :; do sleep 0.02; done";
    sandbox.start("web", shell, &[]);
    sandbox.until_written("said", "up\n");
    sandbox.ok(&["signal", "usr1", "web"]);
    sandbox.until_written("heard", "heard\n");
    sandbox.ok(&["signal", "KILL", "web"]);
    sandbox.until("web", "dead");
    eventually("nothing is left", || sandbox.processes().is_empty());
    let told = sandbox.fails(3, &["signal", "USR1", "web"]);
    assert_eq!(told, "error: `web` does not run");
    let told = sandbox.usage(&["signal", "NONE", "web"]);
    assert!(told.contains("there is no such signal"), "{told}");
}

//! Services whose state was deleted or damaged while they ran.

use std::fs;

use crate::sandbox::{NO_LOG, Sandbox, eventually, kill, lives};

/// With a service that runs with another process of its own, and whose state is lost by this.
fn lost_by(shell: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.start("web", "sleep 1000 & setsid sleep 1000 & wait", &[]);
    eventually("all run", || sandbox.processes().len() == 4);
    assert_eq!(sandbox.sh(shell).code, 0);
    sandbox
}

const LOSSES: [&str; 5] = [
    "rm registry.d/locks/web registry.d/states/web.*",
    "rm -r registry.d",
    "rm -r registry.d/states",
    "rm -r registry.d/states registry.d/locks",
    "echo { > registry.d/states/web.json",
];

#[test]
fn it_is_shown_to_run() {
    for loss in LOSSES {
        let sandbox = lost_by(loss);
        assert_eq!(sandbox.state("web"), "lost", "{loss}");
        assert!(lives(sandbox.pid("web")));
        let list = sandbox.ok(&["list"]);
        assert!(list.contains("running (its state is lost)"), "{list}");
    }
}

#[test]
fn it_is_not_started_twice() {
    for loss in LOSSES {
        let sandbox = lost_by(loss);
        for command in [&["start", "web"], &["run", "web"], &["remove", "web"]] {
            let error = sandbox.fails(1, command);
            let told = error.contains("`web` runs as ") && error.contains("svc restart web");
            assert!(told, "{loss}: {error}");
        }
        assert_eq!(sandbox.processes().len(), 4);
    }
}

#[test]
fn it_stops_with_all_that_it_started() {
    for loss in LOSSES {
        let sandbox = lost_by(loss);
        assert_eq!(sandbox.ok(&["stop", "web"]), "web: stopped\n", "{loss}");
        assert!(sandbox.processes().is_empty());
        assert_eq!(sandbox.state("web"), "stopped");
        sandbox.ok(&["start", "web"]);
        assert_eq!(sandbox.state("web"), "running");
    }
}

#[test]
fn a_restart_mends_it() {
    let sandbox = lost_by(LOSSES[0]);
    sandbox.ok(&["restart", "web"]);
    eventually("all run", || sandbox.processes().len() == 4);
    assert_eq!(sandbox.state("web"), "running");
}

#[test]
fn it_stops_without_its_shim_too() {
    for loss in LOSSES {
        let sandbox = Sandbox::new();
        let shell = "sleep 1000 & setsid sleep 1000 & wait";
        // A logger would give it another shim.
        sandbox.start("web", shell, &NO_LOG);
        eventually("all run", || sandbox.processes().len() == 4);
        sandbox.orphan("web");
        sandbox.sh(loss);
        sandbox.fails(1, &["start", "web"]);
        assert_eq!(sandbox.ok(&["stop", "web"]), "web: stopped\n", "{loss}");
        assert!(sandbox.processes().is_empty());
    }
}

#[test]
fn one_that_waits_to_start_again_stops() {
    let sandbox = Sandbox::new();
    let pauses = ["--restart-pause", "500", "--restart-longest", "1000"];
    let options = [&["--restart", "always"], &pauses[..]].concat();
    sandbox.start("web", "exit 1", &options);
    sandbox.until("web", "waiting");
    fs::remove_dir_all(sandbox.path("registry.d")).unwrap();
    assert_eq!(sandbox.ok(&["stop", "web"]), "web: stopped\n");
    assert!(sandbox.processes().is_empty());
}

#[test]
fn one_that_comes_back_stops_too() {
    for loss in LOSSES {
        let sandbox = Sandbox::new();
        sandbox.start("web", "exec sleep 1000", &["--restart", "always"]);
        let pid = sandbox.pid("web");
        sandbox.sh(loss);
        kill(pid, libc::SIGKILL);
        eventually("it has ended", || !lives(pid));
        sandbox.fails(1, &["remove", "web"]);
        assert_eq!(sandbox.ok(&["stop", "web"]), "web: stopped\n", "{loss}");
        assert!(sandbox.processes().is_empty(), "{loss}");
        assert_eq!(sandbox.state("web"), "stopped");
    }
}

#[test]
fn a_new_registry_is_not_made_while_it_runs() {
    let sandbox = lost_by("rm -r registry.d");
    let error = sandbox.fails(1, &["initialize", "--force"]);
    assert_eq!(error, "error: `web` runs: stop it first");
}

#[test]
fn one_that_was_added_again_is_none() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "exec sleep 1000", &[]);
    sandbox.start("other", "exec sleep 1000", &[]);
    sandbox.ok(&["remove", "--stop", "web"]);
    sandbox.add("web", "exec sleep 1000", &[]);
    assert_eq!(sandbox.state("web"), "stopped");
    sandbox.ok(&["start", "web"]);
    assert_eq!(sandbox.state("web"), "running");
}

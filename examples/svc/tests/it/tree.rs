//! All that a service starts, wherever it goes.

use std::fs;
use std::thread;
use std::time::Duration;

use crate::sandbox::{Sandbox, eventually, kill, lives};

#[test]
fn who_leaves_its_session_is_stopped_too() {
    let sandbox = Sandbox::new();
    let shell = "setsid sh -c 'setsid sleep 1000 & wait' & (sleep 1000 &) & wait";
    sandbox.start("web", shell, &[]);
    eventually("all run", || sandbox.processes().len() >= 5);
    sandbox.ok(&["stop", "web"]);
    assert!(sandbox.processes().is_empty());
}

#[test]
fn what_a_dead_service_leaves_is_ended() {
    let sandbox = Sandbox::new();
    sandbox.start(
        "web",
        "setsid sleep 1000 & sleep 1000 & exec sleep 2000",
        &[],
    );
    eventually("all run", || sandbox.processes().len() == 4);
    kill(sandbox.pid("web"), libc::SIGKILL);
    sandbox.until_empty();
    assert_eq!(sandbox.state("web"), "dead");
}

#[test]
fn a_storm_of_forks_is_stopped() {
    let sandbox = Sandbox::new();
    // Each starts another and ends, so that whoever is signalled may be gone already, and so is
    // whoever a list of all processes has: they are counted by what they wrote.
    let text = "#!/bin/sh\ntrap '' TERM\necho one >> said\nsleep 0.001\n\"$0\" &\n";
    let storm = sandbox.script("storm", text);
    let shell = format!("for i in 1 2 3; do {storm} & done; exec sleep 1000");
    sandbox.start("web", &shell, &["--stop-pause", "0.1"]);
    sandbox.until_lines("said", 30);
    sandbox.ok(&["stop", "web"]);
    assert!(sandbox.processes().is_empty());
    let said = sandbox.read("said");
    thread::sleep(Duration::from_millis(100));
    assert_eq!(sandbox.read("said"), said);
}

#[test]
fn no_zombies_are_left_to_a_shim() {
    let sandbox = Sandbox::new();
    let shell = "for i in 1 2 3 4 5; do (sleep 0.01 &) ; done; echo up >> said; exec sleep 1000";
    sandbox.start("web", shell, &[]);
    sandbox.until_lines("said", 1);
    let (shim, pid) = (sandbox.shim("web"), sandbox.pid("web"));
    let children = format!("/proc/{shim}/task/{shim}/children");
    let [logger] = sandbox.loggers()[..] else {
        panic!("one logger");
    };
    eventually("the service and the logger are its only children", || {
        let children = fs::read_to_string(&children).unwrap();
        let mut children: Vec<i32> = children
            .split_whitespace()
            .map(|pid| pid.parse().unwrap())
            .collect();
        children.sort_unstable();
        let mut expected = [logger, pid];
        expected.sort_unstable();
        children == expected
    });
}

#[test]
fn a_service_may_make_itself_a_daemon() {
    let sandbox = Sandbox::new();
    let shell = "setsid sh -c 'sleep 1000 & echo $! > pid; exit 0'; exit 0";
    sandbox.start("web", shell, &[]);
    eventually("the daemon is alone", || {
        sandbox.state("web") == "forked" && sandbox.processes().len() == 2
    });
    let pid: i32 = sandbox.text("pid").trim().parse().unwrap();
    assert_eq!(sandbox.pid("web"), pid);
    assert!(sandbox.ok(&["status", "web"]).contains("running (forked)"));
    assert!(sandbox.ok(&["start", "web"]).contains("already running"));
    assert_eq!(sandbox.ok(&["stop", "web"]), "web: stopped\n");
    assert!(!lives(pid));
    assert!(sandbox.processes().is_empty());
}

#[test]
fn a_daemon_that_ends_is_dead() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "setsid sleep 1000 & exit 0", &[]);
    sandbox.until("web", "forked");
    kill(sandbox.pid("web"), libc::SIGKILL);
    sandbox.until("web", "dead");
    assert_eq!(sandbox.status("web")["detail"], "killed 9");
    sandbox.until_empty();
}

#[test]
fn a_daemon_comes_back_as_any_service() {
    let sandbox = Sandbox::new();
    sandbox.start(
        "web",
        "setsid sleep 1000 & exit 0",
        &["--restart", "always"],
    );
    sandbox.until("web", "forked");
    let pid = sandbox.pid("web");
    kill(pid, libc::SIGKILL);
    eventually("it is back", || sandbox.status("web")["restarts"] == 1);
    sandbox.until("web", "forked");
    assert_ne!(sandbox.pid("web"), pid);
    sandbox.ok(&["stop", "web"]);
    assert!(sandbox.processes().is_empty());
}

#[test]
fn who_is_left_of_a_daemon_outlives_a_failure_of_another() {
    let sandbox = Sandbox::new();
    let shell = "sh -c 'while [ ! -e go ]; do sleep 0.02; done; exit 1' & \
        sleep 1000 & echo $! > pid; exit 0";
    sandbox.start("web", shell, &[]);
    sandbox.until("web", "forked");
    sandbox.until_lines("pid", 1);
    let pid: i32 = sandbox.text("pid").trim().parse().unwrap();
    sandbox.sh("touch go");
    eventually("the other is followed", || {
        sandbox.status("web")["pid"] == pid
    });
    assert_eq!(sandbox.state("web"), "forked");
    assert!(lives(pid));
    kill(pid, libc::SIGKILL);
    sandbox.until("web", "dead");
    assert_eq!(sandbox.status("web")["detail"], "killed 9");
    sandbox.until_empty();
}

#[test]
fn a_failure_that_leaves_processes_is_no_daemon() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "setsid sleep 1000 & exit 7", &[]);
    sandbox.until("web", "dead");
    assert_eq!(sandbox.status("web")["detail"], "exit 7");
    sandbox.until_empty();
}

#[test]
fn who_is_named_by_no_text_is_stopped_too() {
    let sandbox = Sandbox::new();
    // The system keeps fifteen bytes of a name, which end within a letter.
    let shell = "cp \"$(command -v sleep)\" ./aaaaaaaaaaaaaaä; setsid ./aaaaaaaaaaaaaaä 1000 & \
        exec sleep 1000";
    sandbox.start("web", shell, &[]);
    eventually("both run", || sandbox.processes().len() == 3);
    sandbox.ok(&["stop", "web"]);
    assert!(sandbox.processes().is_empty());
}

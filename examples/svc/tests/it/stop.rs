//! How services are stopped, and what they may do against it.

use std::thread;
use std::time::{Duration, Instant};

use crate::sandbox::{Ran, Sandbox, eventually, kill, lives, status_line};
use crate::users::is_root;

/// Ends only by `SIGKILL`, and writes a line for each `SIGTERM`.
const STUBBORN: &str =
    "trap 'echo TERM >> terms' TERM; echo up >> terms; while :; do sleep 0.05; done";

#[test]
fn who_ends_slowly_is_asked_once() {
    let sandbox = Sandbox::new();
    // The second signal means to abort, as in many programs.
    let shell = "trap 'echo TERM >> terms; trap \"echo abort >> terms; exit 1\" TERM; \
        sleep 1 & wait; wait; echo done >> terms; exit' TERM; \
        echo up >> terms; while :; do sleep 0.05; done";
    sandbox.start("web", shell, &[]);
    sandbox.until_lines("terms", 1);
    assert_eq!(sandbox.ok(&["stop", "web"]), "web: stopped\n");
    assert_eq!(sandbox.text("terms"), "up\nTERM\ndone\n");
}

#[test]
fn what_it_left_behind_is_asked_when_it_has_ended() {
    let sandbox = Sandbox::new();
    let child =
        "trap \"echo child >> said; exit\" TERM; echo up >> said; while :; do sleep 0.05; done";
    let shell = format!(
        "setsid sh -c '{child}' & trap 'sleep 0.3; echo main >> said; exit' TERM; \
        while :; do sleep 0.05; done"
    );
    sandbox.start("web", &shell, &[]);
    sandbox.until_lines("said", 1);
    assert_eq!(sandbox.ok(&["stop", "web"]), "web: stopped\n");
    assert_eq!(sandbox.text("said"), "up\nmain\nchild\n");
}

#[test]
fn who_ignores_the_signal_can_be_asked_five_times_and_is_then_killed() {
    let sandbox = Sandbox::new();
    sandbox.start(
        "web",
        STUBBORN,
        &["--stop-repeat", "5", "--stop-pause", "0.5"],
    );
    sandbox.until_lines("terms", 1);
    let begun = Instant::now();
    let out = sandbox.ok(&["stop", "web"]);
    assert_eq!(out, "web: stopped (it had to be killed)\n");
    assert!(begun.elapsed() >= Duration::from_millis(2400));
    assert_eq!(sandbox.text("terms"), format!("up\n{}", "TERM\n".repeat(5)));
    assert_eq!(sandbox.state("web"), "killed");
    assert!(sandbox.processes().is_empty());
}

#[test]
fn the_signal_its_number_and_the_pause_can_be_chosen() {
    let sandbox = Sandbox::new();
    let shell = STUBBORN.replace("TERM", "USR1");
    let options = ["--stop-signal", "USR1", "--stop-repeat", "2"];
    sandbox.start(
        "web",
        &shell,
        &[&options[..], &["--stop-pause", "0.2"]].concat(),
    );
    sandbox.until_lines("terms", 1);
    sandbox.ok(&["stop", "web"]);
    assert_eq!(sandbox.text("terms"), "up\nUSR1\nUSR1\n");
    assert_eq!(sandbox.state("web"), "killed");
}

#[test]
fn who_ends_at_once_is_not_waited_for() {
    let sandbox = Sandbox::new();
    // With pauses as long as this only an end that is noticed at once is in time.
    sandbox.start("web", "exec sleep 1000", &["--stop-pause", "1000"]);
    let begun = Instant::now();
    sandbox.ok(&["stop", "web"]);
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert_eq!(sandbox.state("web"), "stopped");
}

#[test]
fn a_suspended_service_hears_that_it_is_to_stop() {
    let sandbox = Sandbox::new();
    let shell = "trap 'echo bye >> said; exit' TERM; echo up >> said; while :; do sleep 0.05; done";
    sandbox.start("web", shell, &["--stop-pause", "10"]);
    sandbox.until_lines("said", 1);
    kill(sandbox.pid("web"), libc::SIGSTOP);
    assert_eq!(sandbox.ok(&["stop", "web"]), "web: stopped\n");
    assert_eq!(sandbox.text("said"), "up\nbye\n");
}

#[test]
fn a_suspended_shim_hears_that_it_is_to_stop() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "exec sleep 1000", &[]);
    kill(sandbox.shim("web"), libc::SIGSTOP);
    assert_eq!(sandbox.ok(&["stop", "web"]), "web: stopped\n");
    assert!(sandbox.processes().is_empty());
}

#[test]
fn a_stop_of_what_is_stopped_is_no_error() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "exec sleep 1000", &[]);
    assert_eq!(sandbox.ok(&["stop", "web"]), "web: stopped\n");
    assert_eq!(sandbox.ok(&["stop", "web"]), "web: not running\n");
    assert_eq!(sandbox.state("web"), "stopped");
}

#[test]
fn a_stop_of_what_was_never_started_is_no_error() {
    let sandbox = Sandbox::new();
    sandbox.add("web", "exec sleep 1000", &[]);
    assert_eq!(sandbox.ok(&["stop", "web"]), "web: not running\n");
}

#[test]
fn a_stop_of_what_ended_by_itself_settles_that() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "exit 3", &[]);
    sandbox.until("web", "dead");
    assert_eq!(sandbox.status("web")["detail"], "exit 3");
    assert_eq!(sandbox.ok(&["stop", "web"]), "web: not running\n");
    assert_eq!(sandbox.state("web"), "stopped");
}

#[test]
fn two_stops_at_once_stop_it_once() {
    let sandbox = Sandbox::new();
    let shell = "trap 'echo TERM >> terms; sleep 0.3; exit' TERM; echo up >> terms; \
        while :; do sleep 0.05; done";
    sandbox.start("web", shell, &["--stop-pause", "10"]);
    sandbox.until_lines("terms", 1);
    sandbox.all_ok(&[vec!["stop", "web"], vec!["stop", "web"]]);
    assert_eq!(sandbox.text("terms"), "up\nTERM\n");
    assert_eq!(sandbox.state("web"), "stopped");
}

#[test]
fn a_stop_while_leftovers_end_is_not_lost() {
    let sandbox = Sandbox::new();
    let left = "trap '' TERM; echo up >> terms; while :; do sleep 0.05; done";
    let shell = format!("sh -c \"{left}\" & while [ ! -e terms ]; do sleep 0.05; done; exit 1");
    sandbox.start("web", &shell, &["--restart", "always"]);
    sandbox.until("web", "stopping");
    assert_eq!(sandbox.status("web")["pid"], serde_json::Value::Null);
    sandbox.ok(&["stop", "web"]);
    assert_eq!(sandbox.state("web"), "killed");
    assert_eq!(sandbox.text("terms"), "up\n");
    assert!(sandbox.processes().is_empty());
}

#[test]
fn who_ends_while_others_look_is_stopped_all_the_same() {
    let sandbox = Sandbox::new();
    for _ in 0..5 {
        sandbox.ok(&["add", "web", "sleep 1000"]);
        sandbox.ok(&["start", "web"]);
        let looks = vec![vec!["list"]; 8];
        let commands = [looks.clone(), vec![vec!["remove", "--stop", "web"]], looks].concat();
        sandbox.all_ok(&commands);
        assert!(sandbox.processes().is_empty());
    }
}

#[test]
fn the_shim_ends_with_the_service() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "exec sleep 1000", &[]);
    let (shim, pid) = (sandbox.shim("web"), sandbox.pid("web"));
    kill(pid, libc::SIGTERM);
    eventually("the shim has ended", || !lives(shim));
    assert_eq!(sandbox.status("web")["detail"], "killed 15");
}

#[test]
fn a_shim_stays_with_whom_it_can_not_kill() {
    if !is_root() {
        return eprintln!("skipped: not root");
    }
    let sandbox = Sandbox::new();
    // The shim lacks what root may, and the service becomes somebody else.
    let other = "exec setpriv --reuid=65534 --clear-groups sleep 1000";
    sandbox.add("web", other, &[]);
    let svc = env!("CARGO_BIN_EXE_svc");
    let mut start = sandbox.program("setpriv");
    start.args(["--bounding-set=-kill", svc, "start", "web"]);
    if !start.output().is_ok_and(|ran| ran.status.success()) {
        eprintln!("skipped: it takes setpriv");
        return;
    }
    let (shim, pid) = (sandbox.shim("web"), sandbox.pid("web"));
    eventually("it is somebody else", || {
        status_line(pid, "Uid").starts_with("65534")
    });
    let stop = sandbox.command(&["stop", "web"]).spawn().unwrap();
    sandbox.until("web", "stopping");
    thread::sleep(Duration::from_millis(300));
    assert_eq!(sandbox.state("web"), "stopping");
    assert!(lives(shim) && lives(pid));
    kill(pid, libc::SIGKILL);
    assert!(stop.wait_with_output().unwrap().status.success());
    assert_eq!(sandbox.state("web"), "stopped");
}

/// Adds a service with a process of another user, whose number it writes down, and three that are
/// its own, of which two end only by `SIGKILL`.
fn add_with_a_stranger(sandbox: &Sandbox) {
    let stubborn = "sh -c \"trap '' TERM; echo up >> said; while :; do sleep 0.05; done\"";
    let other = "setpriv --reuid=65534 --clear-groups sleep 1000";
    let shell = format!("{other} & echo $! > other; {stubborn} & {stubborn} & exec sleep 1000");
    sandbox.add("web", &shell, &["--stop-pause", "0.1"]);
}

/// Runs a command as root, who may not signal other users; nothing, if that can't be had.
fn powerless(sandbox: &Sandbox, args: &[&str]) -> Option<Ran> {
    let mut command = sandbox.program("setpriv");
    command.args(["--bounding-set=-kill", env!("CARGO_BIN_EXE_svc")]);
    let output = command.args(args).output();
    let ran = output.ok().map(|output| Ran::of(&output));
    let ran = ran.filter(|ran| is_root() && !ran.err.starts_with("setpriv"));
    if ran.is_none() {
        eprintln!("skipped: it takes root and setpriv");
    }
    ran
}

/// Waits until all of the service run; gives the number of the other user's.
fn stranger(sandbox: &Sandbox) -> i32 {
    sandbox.until_lines("said", 2);
    let other = sandbox.read("other").trim().parse().unwrap();
    eventually("it is somebody else", || {
        status_line(other, "Uid").starts_with("65534")
    });
    other
}

#[test]
fn who_can_not_be_signalled_protects_nobody_else() {
    let sandbox = Sandbox::new();
    add_with_a_stranger(&sandbox);
    if powerless(&sandbox, &["start", "web"]).is_none() {
        return;
    }
    let (shim, other) = (sandbox.shim("web"), stranger(&sandbox));
    let told = sandbox.fails(1, &["stop", "web"]);
    let expected = format!(
        "error: `web` does not stop: process {other} of it is another user's, who has to end it"
    );
    assert_eq!(told, expected);
    assert!(lives(shim) && lives(other));
    assert_eq!(sandbox.processes().len(), 2);
    assert_eq!(sandbox.state("web"), "stopping");
    assert_eq!(sandbox.pid("web"), other);
    assert_eq!(sandbox.fails(1, &["start", "web"]), expected);
    kill(other, libc::SIGKILL);
    sandbox.until("web", "stopped");
    assert!(sandbox.ok(&["stop", "web"]).contains("not running"));
}

#[test]
fn who_can_not_be_signalled_protects_nobody_of_an_orphan() {
    let sandbox = Sandbox::new();
    add_with_a_stranger(&sandbox);
    sandbox.ok(&["edit", "web", "-o", "/dev/null"]);
    sandbox.ok(&["start", "web"]);
    if !is_root() {
        return eprintln!("skipped: not root");
    }
    let other = stranger(&sandbox);
    sandbox.orphan("web");
    let Some(told) = powerless(&sandbox, &["stop", "web"]) else {
        return;
    };
    let expected = format!("process {other} of it is another user's");
    assert!(told.code == 1 && told.err.contains(&expected), "{told:?}");
    assert_eq!(sandbox.processes(), [other]);
    assert_eq!(sandbox.state("web"), "dead");
    let told = powerless(&sandbox, &["start", "web"]).unwrap();
    assert!(told.code == 1 && told.err.contains(&expected), "{told:?}");
    assert_eq!(sandbox.ok(&["stop", "web"]), "web: stopped\n");
    assert!(!lives(other));
}

#[test]
fn a_shim_that_is_told_by_the_system_stops_what_comes_back_with_it() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "exec sleep 1000", &["--restart", "always"]);
    kill(sandbox.shim("web"), libc::SIGTERM);
    sandbox.until("web", "stopped");
    sandbox.until_empty();
    assert_eq!(sandbox.status("web")["wanted"], true);
}

#[test]
fn a_shim_that_is_told_to_quit_stays_with_its_service() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "exec sleep 1000", &[]);
    let shim = sandbox.shim("web");
    kill(shim, libc::SIGQUIT);
    thread::sleep(Duration::from_millis(100));
    assert!(lives(shim));
    assert_eq!(sandbox.state("web"), "running");
    assert_eq!(sandbox.ok(&["stop", "web"]), "web: stopped\n");
}

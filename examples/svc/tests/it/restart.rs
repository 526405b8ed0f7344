//! Whether and how services come back.

use std::time::{Duration, Instant};

use crate::sandbox::{Sandbox, eventually, kill, lives};

/// Comes back quickly, and is given up quickly.
const QUICK: [&str; 10] = [
    "--start-seconds",
    "0",
    "--restart-pause",
    "0.01",
    "--restart-longest",
    "1000",
    "--restart-starts",
    "4",
    "--restart-window",
    "1000",
];

fn quick(policy: &str) -> Vec<&str> {
    [&["--restart", policy], &QUICK[..]].concat()
}

#[test]
fn who_crashes_again_and_again_is_parked() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "echo up >> said; exit 1", &quick("always"));
    sandbox.until("web", "parked");
    assert_eq!(sandbox.text("said").lines().count(), 4);
    let status = sandbox.status("web");
    assert_eq!(status["restarts"], 3);
    assert_eq!(status["last_exit"]["code"], 1);
    assert_eq!(sandbox.run(&["status", "web"]).code, 3);
    sandbox.until_empty();
}

#[test]
fn a_start_clears_what_was_parked() {
    let sandbox = Sandbox::new();
    let shell = "echo up >> said; [ -e ready ] || exit 1; exec sleep 1000";
    sandbox.start("web", shell, &quick("always"));
    sandbox.until("web", "parked");
    sandbox.script("ready", "");
    assert!(sandbox.ok(&["start", "web"]).starts_with("web: started"));
    sandbox.until_lines("said", 5);
    let status = sandbox.status("web");
    assert_eq!(
        (&status["state"], &status["restarts"]),
        (&"running".into(), &0.into())
    );
}

#[test]
fn on_failure_a_success_is_the_end() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "echo up >> said", &quick("on-failure"));
    sandbox.until("web", "ended");
    sandbox.until_empty();
    assert_eq!(sandbox.text("said"), "up\n");
    assert_eq!(sandbox.status("web")["restarts"], 0);
}

#[test]
fn on_failure_a_failure_is_not() {
    let sandbox = Sandbox::new();
    let shell = "echo up >> said; [ $(wc -l < said) = 1 ] && exit 1; exit 0";
    sandbox.start("web", shell, &quick("on-failure"));
    sandbox.until("web", "ended");
    assert_eq!(sandbox.text("said"), "up\nup\n");
    assert_eq!(sandbox.status("web")["restarts"], 1);
}

#[test]
fn without_a_policy_none_comes_back() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "exec sleep 1000", &[]);
    kill(sandbox.pid("web"), libc::SIGKILL);
    sandbox.until("web", "dead");
    assert_eq!(sandbox.status("web")["detail"], "killed 9");
    sandbox.until_empty();
}

#[test]
fn a_killed_service_comes_back_as_another_process() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "exec sleep 1000", &quick("always"));
    let (pid, shim) = (sandbox.pid("web"), sandbox.shim("web"));
    kill(pid, libc::SIGKILL);
    eventually("it is back", || sandbox.status("web")["restarts"] == 1);
    sandbox.until("web", "running");
    assert_ne!(sandbox.pid("web"), pid);
    assert_eq!(sandbox.shim("web"), shim);
    assert_eq!(sandbox.status("web")["last_exit"]["signal"], 9);
}

#[test]
fn a_stop_cancels_a_pending_restart() {
    let sandbox = Sandbox::new();
    let options = ["--restart", "always", "--restart-pause", "500"];
    let longest = ["--restart-longest", "1000"];
    sandbox.start(
        "web",
        "echo up >> said; exit 1",
        &[&options[..], &longest].concat(),
    );
    sandbox.until("web", "waiting");
    let begun = Instant::now();
    sandbox.ok(&["stop", "web"]);
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert_eq!(sandbox.state("web"), "stopped");
    assert!(sandbox.processes().is_empty());
    assert_eq!(sandbox.text("said"), "up\n");
}

/// A service that ends at once, and then waits for ever.
fn waiting() -> Sandbox {
    let sandbox = Sandbox::new();
    let pauses = ["--restart-pause", "500", "--restart-longest", "1000"];
    let options = [&["--restart", "always"], &pauses[..]].concat();
    sandbox.start("web", "exit 1", &options);
    sandbox.until("web", "waiting");
    sandbox
}

#[test]
fn a_start_ends_the_pause_and_starts_what_is_defined_now() {
    let sandbox = waiting();
    assert_eq!(sandbox.status("web")["is_changed"], false);
    sandbox.ok(&["edit", "web", "sleep 2000"]);
    let told = sandbox.run(&["status", "web"]).out;
    assert!(told.contains("it was changed since"), "{told}");
    let told = sandbox.ok(&["start", "web"]);
    assert!(told.starts_with("web: started (pid "), "{told}");
    let line = std::fs::read(format!("/proc/{}/cmdline", sandbox.pid("web"))).unwrap();
    assert_eq!(line, b"sleep\x002000\0");
    assert_eq!(sandbox.processes().len(), 2);
}

#[test]
fn two_starts_at_once_end_the_pause_once() {
    let sandbox = waiting();
    sandbox.ok(&["edit", "web", "sleep 2000"]);
    sandbox.all_ok(&[vec!["start", "web"], vec!["start", "web"]]);
    assert_eq!(sandbox.state("web"), "running");
    assert_eq!(sandbox.processes().len(), 2);
}

#[test]
fn who_waits_to_start_again_is_not_removed() {
    let sandbox = waiting();
    sandbox.fails(1, &["remove", "web"]);
    assert_eq!(sandbox.state("web"), "waiting");
}

#[test]
fn a_stopped_service_does_not_come_back() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "exec sleep 1000", &quick("always"));
    assert_eq!(sandbox.ok(&["stop", "web"]), "web: stopped\n");
    assert_eq!(sandbox.state("web"), "stopped");
    assert!(sandbox.processes().is_empty());
}

#[test]
fn a_change_is_shown_until_a_restart_applies_it() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "exec sleep 1000", &[]);
    let pid = sandbox.pid("web");
    sandbox.ok(&["edit", "web", "sleep 2000"]);
    assert_eq!(sandbox.status("web")["is_changed"], true);
    assert!(
        sandbox
            .ok(&["status", "web"])
            .contains("it was changed since")
    );
    assert_eq!(sandbox.pid("web"), pid);
    sandbox.ok(&["restart", "web"]);
    assert_eq!(sandbox.status("web")["is_changed"], false);
    assert!(!lives(pid));
    let line = std::fs::read(format!("/proc/{}/cmdline", sandbox.pid("web"))).unwrap();
    assert_eq!(line, b"sleep\x002000\0");
}

#[test]
fn a_change_during_the_stop_of_a_restart_is_applied() {
    let sandbox = Sandbox::new();
    let shell = "trap 'sleep 1; exit' TERM; echo up >> said; while :; do sleep 0.05; done";
    sandbox.start("web", shell, &["--stop-pause", "10"]);
    sandbox.until_lines("said", 1);
    let restart = sandbox.command(&["restart", "web"]).spawn().unwrap();
    sandbox.until("web", "stopping");
    sandbox.ok(&["edit", "web", "sleep 2000"]);
    assert!(restart.wait_with_output().unwrap().status.success());
    let line = std::fs::read(format!("/proc/{}/cmdline", sandbox.pid("web"))).unwrap();
    assert_eq!(line, b"sleep\x002000\0");
}

#[test]
fn a_restart_starts_what_did_not_run() {
    let sandbox = Sandbox::new();
    sandbox.add("web", "exec sleep 1000", &[]);
    let told = sandbox.ok(&["restart", "web"]);
    assert!(told.starts_with("web: not running\nweb: started"), "{told}");
}

#[test]
fn a_service_that_can_not_start_again_says_why() {
    let sandbox = Sandbox::new();
    let program = sandbox.script("web.sh", "#!/bin/sh\nrm web.sh\nexit 1\n");
    let add = ["add", "web", &program];
    sandbox.ok(&[&add[..], &quick("always")].concat());
    sandbox.ok(&["start", "web"]);
    sandbox.until("web", "failed");
    let detail = sandbox.status("web")["detail"].to_string();
    assert!(detail.contains("web.sh"), "{detail}");
    sandbox.until_empty();
}

#[test]
fn a_program_that_is_away_for_a_while_comes_back() {
    let sandbox = Sandbox::new();
    let program = sandbox.script("web.sh", "#!/bin/sh\nrm web.sh\nexit 1\n");
    let slow = [
        "--start-seconds",
        "0",
        "--restart",
        "always",
        "--restart-pause",
        "0.2",
    ];
    sandbox.ok(&[&["add", "web", &program], &slow[..]].concat());
    sandbox.ok(&["start", "web"]);
    eventually("a restart failed", || {
        sandbox.status("web")["last_exit"]["code"] == 127
    });
    sandbox.script("web.sh", "#!/bin/sh\nexec sleep 1000\n");
    sandbox.until("web", "running");
}

// Whoever asks for a restart may be gone before it is done.

#[test]
fn a_service_restarts_itself() {
    for how in ["", "setsid ", "setsid nohup "] {
        let sandbox = Sandbox::new();
        let shell = format!(
            "echo up >> said; [ -e again ] || {{ touch again; {how}$SVC restart web; }}; exec sleep 1000"
        );
        let svc = format!("SVC={}", env!("CARGO_BIN_EXE_svc"));
        let db = format!("SVC_DB={}", sandbox.path("registry.db").display());
        sandbox.start("web", &shell, &["--env", &svc, "--env", &db]);
        sandbox.until_lines("said", 2);
        sandbox.until("web", "running");
        eventually("nobody else is left", || sandbox.processes().len() == 2);
        assert_eq!(sandbox.text("said"), "up\nup\n", "{how}");
    }
}

#[test]
fn a_restart_that_is_cut_off_is_finished() {
    let sandbox = Sandbox::new();
    let shell = "trap 'sleep 0.2; exit' TERM; while :; do sleep 0.05; done";
    sandbox.start("web", shell, &[]);
    for signal in [libc::SIGKILL, libc::SIGINT, libc::SIGHUP, libc::SIGTERM] {
        for delay in [20, 60, 120, 220, 300] {
            let mut restart = sandbox.command(&["restart", "web"]).spawn().unwrap();
            std::thread::sleep(Duration::from_millis(delay));
            kill(i32::try_from(restart.id()).unwrap(), signal);
            restart.wait().unwrap();
            // What finishes the restart is one process more.
            eventually("it runs, and nobody else is left", || {
                sandbox.processes().len() == 3 && sandbox.state("web") == "running"
            });
        }
    }
}

#[test]
fn a_restart_says_what_failed() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "exec sleep 1000", &[]);
    sandbox.ok(&["edit", "web", "/no/such"]);
    let told = sandbox.fails(127, &["restart", "web"]);
    assert_eq!(told, "error: web: exec /no/such: No such file or directory");
}

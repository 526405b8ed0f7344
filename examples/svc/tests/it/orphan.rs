//! Services whose shim was killed.

use std::fs;

use crate::sandbox::{NO_LOG, Sandbox, eventually, kill, lives};

#[test]
fn the_logger_replaces_a_killed_shim() {
    let sandbox = Sandbox::new();
    let shell = "(setsid sleep 1000 &); exec sleep 1000";
    sandbox.start("web", shell, &["--restart", "always"]);
    let pid = sandbox.pid("web");
    eventually("all run", || sandbox.processes().len() == 3);
    for _ in 0..3 {
        sandbox.replace_shim("web");
        assert_eq!(sandbox.pid("web"), pid);
        assert_eq!(sandbox.state("web"), "running");
        assert_eq!(sandbox.loggers().len(), 1);
    }
    let events = sandbox.ok(&["events", "web"]);
    assert_eq!(events.matches(" adopted (").count(), 3, "{events}");
    // It does what a shim does.
    kill(pid, libc::SIGKILL);
    eventually("it comes back", || sandbox.status("web")["restarts"] == 1);
    assert_eq!(sandbox.ok(&["stop", "web"]), "web: stopped\n");
    sandbox.until_empty();
}

#[test]
fn the_logger_replaces_the_shim_of_a_service_that_has_closed_its_output() {
    let sandbox = Sandbox::new();
    let shell = "exec sleep 1000 >/dev/null 2>&1";
    sandbox.start("web", shell, &["--restart", "always"]);
    let pid = sandbox.pid("web");
    let output = format!("/proc/{pid}/fd/1");
    let is_closed = || fs::read_link(&output).is_ok_and(|file| file.ends_with("null"));
    eventually("it has closed its output", is_closed);
    sandbox.replace_shim("web");
    assert_eq!(sandbox.pid("web"), pid);
    // It has a log again when it starts again.
    kill(pid, libc::SIGKILL);
    eventually("it comes back", || sandbox.status("web")["restarts"] == 1);
    sandbox.ok(&["stop", "web"]);
    sandbox.until_empty();
}

#[test]
fn a_stop_that_lost_its_shim_stops_the_service_all_the_same() {
    let sandbox = Sandbox::new();
    let shell = "trap 'until [ -e go ]; do sleep 0.02; done; exit' TERM; echo up >> said; \
        while :; do sleep 0.05; done";
    sandbox.start("web", shell, &["--restart", "always"]);
    sandbox.until_lines("said", 1);
    let stop = sandbox.command(&["stop", "web"]).spawn().unwrap();
    sandbox.until("web", "stopping");
    // Either the logger starts another shim, or the command goes on alone.
    sandbox.orphan("web");
    fs::write(sandbox.path("go"), "").unwrap();
    let ran = stop.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&ran.stdout), "web: stopped\n");
    assert_eq!(sandbox.state("web"), "stopped");
    sandbox.until_empty();
}

#[test]
fn without_a_logger_the_next_look_replaces_it() {
    for look in [&["list"][..], &["status", "web"], &["status"]] {
        let sandbox = Sandbox::new();
        sandbox.start("web", "exec sleep 1000", &NO_LOG);
        let (pid, shim) = (sandbox.pid("web"), sandbox.shim("web"));
        sandbox.orphan("web");
        let told = sandbox.fails(1, &["remove", "web"]);
        assert!(told.contains("svc start web"), "{told}");
        let ran = sandbox.run(look);
        assert!(ran.err.is_empty() && ran.out.contains("running"), "{ran:?}");
        assert!(!ran.out.contains("without its shim"), "{ran:?}");
        assert_ne!(sandbox.shim("web"), shim);
        assert!(lives(sandbox.shim("web")));
        assert_eq!(sandbox.pid("web"), pid);
    }
}

#[test]
fn without_shim_and_logger_the_next_look_replaces_the_shim() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "exec sleep 1000", &["--restart", "always"]);
    let pid = sandbox.pid("web");
    let [logger] = sandbox.loggers()[..] else {
        panic!("one logger")
    };
    // Stopped first, so that neither can replace the other.
    let both = [logger, sandbox.shim("web")];
    for signal in [libc::SIGSTOP, libc::SIGKILL] {
        for process in both {
            kill(process, signal);
        }
    }
    eventually("both are dead", || !both.into_iter().any(lives));
    assert_eq!(sandbox.state("web"), "running");
    assert_eq!(sandbox.pid("web"), pid);
    kill(pid, libc::SIGKILL);
    eventually("it comes back", || sandbox.status("web")["restarts"] == 1);
    eventually("it has a log again", || sandbox.loggers().len() == 1);
    sandbox.ok(&["stop", "web"]);
    sandbox.until_empty();
}

#[test]
fn the_reason_why_a_look_can_not_replace_it_is_told() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "exec sleep 1000", &NO_LOG);
    sandbox.orphan("web");
    sandbox.sh("rm registry.d/locks/web; mkdir registry.d/locks/web");
    let ran = sandbox.run(&["status", "web"]);
    assert!(ran.out.contains("running (without its shim)"), "{ran:?}");
    let start = "note: `web` gets no shim: ";
    let is_told = ran.err.starts_with(start) && ran.err.ends_with("/web: Is a directory\n");
    assert!(is_told, "{ran:?}");
}

#[test]
fn a_start_adopts_it() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "(setsid sleep 1000 &); exec sleep 1000", &NO_LOG);
    let pid = sandbox.pid("web");
    eventually("all run", || sandbox.processes().len() == 3);
    for _ in 0..3 {
        sandbox.orphan("web");
        let told = sandbox.ok(&["start", "web"]);
        assert_eq!(told, format!("web: adopted (pid {pid})\n"));
        assert_eq!(
            (&*sandbox.state("web"), sandbox.pid("web")),
            ("running", pid)
        );
        assert!(lives(sandbox.shim("web")));
    }
    let told = sandbox.ok(&["start", "web"]);
    assert_eq!(told, format!("web: already running (pid {pid})\n"));
    assert_eq!(sandbox.ok(&["stop", "web"]), "web: stopped\n");
    assert!(sandbox.processes().is_empty());
}

#[test]
fn starts_at_once_adopt_it_once() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "exec sleep 1000", &NO_LOG);
    let pid = sandbox.pid("web");
    sandbox.orphan("web");
    sandbox.all_ok(&[vec!["start", "web"], vec!["start", "web"], vec!["list"]]);
    assert_eq!(sandbox.pid("web"), pid);
    assert_eq!(sandbox.processes().len(), 2);
}

#[test]
fn an_adopted_service_outlives_its_logger() {
    // With both pipes, and with one: the logger closes one that nobody writes to.
    for options in [&[][..], &["-e", "/dev/null"]] {
        let sandbox = Sandbox::new();
        // A closed pipe would kill the shell, which writes by itself.
        sandbox.start("web", "while sleep 0.02; do echo one; done", options);
        let pid = sandbox.pid("web");
        sandbox.orphan("web");
        sandbox.ok(&["start", "web"]);
        for _ in 0..2 {
            let [logger] = sandbox.loggers()[..] else {
                panic!("one logger")
            };
            kill(logger, libc::SIGKILL);
            eventually("there is another one", || {
                sandbox.loggers().iter().any(|other| *other != logger)
            });
        }
        let lines = || sandbox.ok(&["logs", "web", "-n", "100000"]).lines().count();
        let before = lines();
        eventually("it writes on", || lines() > before);
        assert_eq!(
            (&*sandbox.state("web"), sandbox.pid("web")),
            ("running", pid)
        );
        sandbox.ok(&["stop", "web"]);
        eventually("the logger ends", || sandbox.loggers().is_empty());
    }
}

#[test]
fn an_adopted_service_comes_back_and_keeps_its_log() {
    let sandbox = Sandbox::new();
    let shell = "echo begun; until [ -e go ]; do sleep 0.02; done; echo done; exec sleep 1000";
    sandbox.start(
        "web",
        shell,
        &["--restart", "always", "--start-seconds", "0"],
    );
    let pid = sandbox.pid("web");
    sandbox.orphan("web");
    sandbox.ok(&["start", "web"]);
    fs::write(sandbox.path("go"), "").unwrap();
    let log = || sandbox.ok(&["logs", "web"]);
    eventually("it writes", || log() == "begun\ndone\n");
    kill(pid, libc::SIGKILL);
    eventually("it comes back", || sandbox.status("web")["restarts"] == 1);
    eventually("it writes again", || log() == "begun\ndone\nbegun\ndone\n");
    assert_ne!(sandbox.pid("web"), pid);
    assert_eq!(sandbox.status("web")["last_exit"]["signal"], 9);
    sandbox.ok(&["stop", "web"]);
    assert!(sandbox.processes().is_empty());
}

#[test]
fn the_exit_code_of_an_adopted_service_is_known() {
    let sandbox = Sandbox::new();
    let shell = "until [ -e go ]; do sleep 0.02; done; exit 42";
    sandbox.start("web", shell, &[]);
    sandbox.orphan("web");
    sandbox.ok(&["start", "web"]);
    fs::write(sandbox.path("go"), "").unwrap();
    sandbox.until("web", "dead");
    let status = sandbox.status("web");
    // Linux tells it from 6.15 on, and before that as long as nobody has asked for it.
    let unknown = status["last_exit"] == "unknown";
    assert!(unknown || status["last_exit"]["code"] == 42, "{status}");
    if unknown {
        eprintln!("skipped: this kernel does not tell the exit code");
    }
}

#[test]
fn an_adopted_service_that_made_itself_a_daemon_is_watched() {
    let sandbox = Sandbox::new();
    let shell = "until [ -e go ]; do sleep 0.02; done; setsid sh -c 'sleep 1000 & exit 0'; exit 0";
    sandbox.start("web", shell, &[]);
    sandbox.orphan("web");
    sandbox.ok(&["start", "web"]);
    fs::write(sandbox.path("go"), "").unwrap();
    sandbox.until("web", "forked");
    kill(sandbox.pid("web"), libc::SIGKILL);
    sandbox.until("web", "dead");
    assert!(sandbox.processes().is_empty());
}

#[test]
fn a_stop_ends_it_with_all_that_it_started() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "sleep 1000 & setsid sleep 1000 & wait", &[]);
    eventually("all run", || sandbox.processes().len() == 4);
    sandbox.orphan("web");
    assert_eq!(sandbox.ok(&["stop", "web"]), "web: stopped\n");
    sandbox.until_empty();
    assert_eq!(sandbox.state("web"), "stopped");
}

#[test]
fn a_restart_gives_it_a_shim_again() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "exec sleep 1000", &[]);
    let pid = sandbox.pid("web");
    sandbox.orphan("web");
    sandbox.ok(&["restart", "web"]);
    assert!(!lives(pid));
    assert_eq!(sandbox.state("web"), "running");
    assert!(lives(sandbox.shim("web")));
    eventually("two are left", || sandbox.processes().len() == 2);
}

#[test]
fn two_stops_at_once_end_it() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "exec sleep 1000", &[]);
    sandbox.orphan("web");
    sandbox.all_ok(&[vec!["stop", "web"], vec!["stop", "web"], vec!["list"]]);
    assert_eq!(sandbox.state("web"), "stopped");
    sandbox.until_empty();
}

#[test]
fn one_that_ignores_the_signal_is_killed() {
    let sandbox = Sandbox::new();
    let shell = "trap '' TERM; echo up >> said; while :; do sleep 0.05; done";
    sandbox.start("web", shell, &["--stop-pause", "0.1"]);
    sandbox.until_lines("said", 1);
    sandbox.orphan("web");
    let told = sandbox.ok(&["stop", "web"]);
    assert_eq!(told, "web: stopped (it had to be killed)\n");
    assert_eq!(sandbox.state("web"), "killed");
    sandbox.until_empty();
}

#[test]
fn killed_both_it_is_dead_and_starts_again() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "exec sleep 1000", &NO_LOG);
    let pid = sandbox.pid("web");
    sandbox.orphan("web");
    kill(pid, libc::SIGKILL);
    sandbox.until("web", "dead");
    assert_eq!(sandbox.status("web")["detail"], "its shim is gone");
    sandbox.ok(&["start", "web"]);
    assert_eq!(sandbox.state("web"), "running");
    assert_ne!(sandbox.pid("web"), pid);
}

#[test]
fn one_that_had_made_itself_a_daemon_is_stopped_too() {
    let sandbox = Sandbox::new();
    let shell = "setsid sh -c 'sleep 1000 & exit 0'; exit 0";
    sandbox.start("web", shell, &NO_LOG);
    eventually("the daemon is alone", || {
        sandbox.state("web") == "forked" && sandbox.processes().len() == 2
    });
    sandbox.orphan("web");
    assert_eq!(sandbox.ok(&["stop", "web"]), "web: stopped\n");
    assert!(sandbox.processes().is_empty());
}

#[test]
fn one_in_the_foreground_is_stopped_too() {
    let sandbox = Sandbox::new();
    sandbox.add("web", "exec sleep 1000", &[]);
    let mut run = sandbox.command(&["run", "web"]).spawn().unwrap();
    sandbox.until("web", "running");
    run.kill().unwrap();
    run.wait().unwrap();
    // It has a shim in the background now.
    assert_eq!(sandbox.state("web"), "running");
    assert_eq!(sandbox.ok(&["stop", "web"]), "web: stopped\n");
    assert!(sandbox.processes().is_empty());
}

/// Starts a service of many processes that end only by `SIGKILL`, and makes it an orphan.
fn many_stubborn(sandbox: &Sandbox) {
    let one = "trap '' TERM; echo up >> said; while :; do sleep 1; done";
    let shell = format!("for i in $(seq 80); do sh -c \"{one}\" & done; wait");
    sandbox.start("many", &shell, &["--stop-pause", "0.1", "-o", "/dev/null"]);
    sandbox.until_lines("said", 80);
    sandbox.orphan("many");
}

#[test]
fn few_descriptors_are_enough_to_stop_many_processes() {
    let sandbox = Sandbox::new();
    many_stubborn(&sandbox);
    let ran = sandbox.sh("ulimit -n 24; $SVC stop many");
    assert_eq!(ran.out, "many: stopped (it had to be killed)\n", "{ran:?}");
    assert!(sandbox.processes().is_empty());
}

#[test]
fn who_can_not_look_does_not_say_that_nobody_is_left() {
    let sandbox = Sandbox::new();
    many_stubborn(&sandbox);
    let mut told = String::new();
    for limit in 4..24 {
        let ran = sandbox.sh(&format!("ulimit -n {limit}; $SVC stop many"));
        let left = sandbox.processes().len();
        if ran.out.contains("stopped") {
            assert_eq!(left, 0, "{limit}: {ran:?}");
            let expected = "error: can't look for processes: Too many open files\n";
            return assert!(told.contains(expected), "{told}");
        }
        assert!(left >= 80, "{limit}: {ran:?}");
        told += &ran.err;
    }
    panic!("it does not stop");
}

#[test]
fn a_child_that_went_its_own_way_ends_with_an_orphan() {
    let sandbox = Sandbox::new();
    // In a session of its own, and its parent has ended.
    let shell = "(setsid sleep 1000 &); exec sleep 1000";
    sandbox.start("web", shell, &NO_LOG);
    eventually("all run", || sandbox.processes().len() == 3);
    // Both are asked for before: a dying shim is neither here nor there.
    let (shim, pid) = (sandbox.shim("web"), sandbox.pid("web"));
    kill(shim, 9);
    kill(pid, 9);
    sandbox.until("web", "dead");
    let detail = sandbox.status("web")["detail"].to_string();
    assert!(detail.contains("its shim is gone, process "), "{detail}");
    sandbox.ok(&["stop", "web"]);
    assert!(sandbox.processes().is_empty());
}

#[test]
fn what_is_left_of_one_ends_before_it_starts_again() {
    let sandbox = Sandbox::new();
    let shell = "(setsid sleep 1000 &); exec sleep 1000";
    sandbox.start("web", shell, &NO_LOG);
    eventually("all run", || sandbox.processes().len() == 3);
    let (shim, pid) = (sandbox.shim("web"), sandbox.pid("web"));
    kill(shim, 9);
    kill(pid, 9);
    sandbox.until("web", "dead");
    assert_eq!(sandbox.processes().len(), 1);
    sandbox.ok(&["start", "web"]);
    eventually("all run again, and no more", || {
        sandbox.processes().len() == 3
    });
    sandbox.ok(&["stop", "web"]);
    assert!(sandbox.processes().is_empty());
}

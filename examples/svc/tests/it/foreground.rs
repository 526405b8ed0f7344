//! `svc run`.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, Stdio};

use crate::sandbox::{Ran, Sandbox, eventually, kill, lives};

#[test]
fn a_service_runs_here_with_our_streams_and_its_exit_code() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "x", "--", "sh", "-c", "cat; echo oops >&2; exit 7"]);
    let ran = sandbox.sh("echo hello | $SVC run x");
    assert_eq!((ran.code, &*ran.out, &*ran.err), (7, "hello\n", "oops\n"));
    assert_eq!(sandbox.state("x"), "dead");
}

#[test]
fn a_service_that_runs_here_comes_not_back() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "x", "--restart", "always", "echo once"]);
    assert_eq!(sandbox.ok(&["run", "x"]), "once\n");
}

#[test]
fn a_signal_that_ends_it_is_told_as_a_shell_does() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "x", "--", "sh", "-c", "kill -9 $$"]);
    assert_eq!(sandbox.run(&["run", "x"]).code, 137);
}

#[test]
fn a_service_that_can_not_run_here_is_told() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "x", "/no/such"]);
    let error = sandbox.fails(127, &["run", "x"]);
    assert_eq!(error, "error: x: exec /no/such: No such file or directory");
}

#[test]
fn what_runs_does_not_run_here_as_well() {
    let sandbox = Sandbox::new();
    sandbox.start("x", "exec sleep 1000", &[]);
    let error = sandbox.fails(1, &["run", "x"]);
    assert_eq!(error, "error: `x` runs: stop it first");
}

#[test]
fn control_c_ends_it_with_all_that_it_started() {
    let sandbox = Sandbox::new();
    let line = "sleep 1000 & setsid sleep 1000 & wait";
    sandbox.ok(&["add", "x", "--", "sh", "-c", line]);
    let run = sandbox.command(&["run", "x"]).spawn().unwrap();
    eventually("all run", || sandbox.processes().len() == 4);
    kill(i32::try_from(run.id()).unwrap(), 2);
    let ran = Ran::of(&run.wait_with_output().unwrap());
    assert_eq!(ran.code, 143, "{ran:?}");
    assert!(sandbox.processes().is_empty());
    assert_eq!(sandbox.state("x"), "stopped");
}

#[test]
fn a_terminal_sends_control_c_to_all_of_it() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "x", "sleep 1000"]);
    let run = sandbox
        .command(&["run", "x"])
        .process_group(0)
        .spawn()
        .unwrap();
    eventually("it runs", || sandbox.processes().len() == 2);
    sandbox.until("x", "running");
    kill(-i32::try_from(run.id()).unwrap(), 2);
    assert_eq!(Ran::of(&run.wait_with_output().unwrap()).code, 130);
}

#[test]
fn a_service_may_clean_up_after_control_c() {
    let sandbox = Sandbox::new();
    let line = "trap 'echo bye; exit 5' TERM; echo up; while :; do sleep .02; done";
    sandbox.ok(&["add", "x", "--", "sh", "-c", line]);
    let mut run = sandbox.command(&["run", "x"]).spawn().unwrap();
    let mut said = BufReader::new(run.stdout.take().unwrap()).lines();
    assert_eq!(said.next().unwrap().unwrap(), "up");
    kill(i32::try_from(run.id()).unwrap(), 2);
    assert_eq!(said.next().unwrap().unwrap(), "bye");
    assert_eq!(run.wait().unwrap().code(), Some(5));
}

#[test]
fn a_service_that_runs_here_can_be_stopped_from_elsewhere() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "x", "sleep 1000"]);
    let run = sandbox.command(&["run", "x"]).spawn().unwrap();
    eventually("it runs", || sandbox.state("x") == "running");
    let pid = sandbox.pid("x");
    assert_eq!(sandbox.ok(&["stop", "x"]), "x: stopped\n");
    assert!(!lives(pid));
    assert_eq!(Ran::of(&run.wait_with_output().unwrap()).code, 143);
}

/// `svc run` on a terminal of its own, and what types there; nothing, if there is no `script`.
fn on_terminal(sandbox: &Sandbox, shell: &str, options: &[&str]) -> Option<(Child, ChildStdin)> {
    sandbox.add("x", shell, options);
    let mut script = sandbox.program("script");
    script
        .args(["-qec", "exec $SVC run x", "/dev/null"])
        .env("SHELL", "/bin/sh")
        .stdin(Stdio::piped());
    let Ok(mut terminal) = script.spawn() else {
        eprintln!("skipped: no `script` to make a terminal");
        return None;
    };
    sandbox.until_lines("said", 1);
    let keys = terminal.stdin.take().unwrap();
    Some((terminal, keys))
}

#[test]
fn control_c_on_a_terminal_reaches_the_service_once() {
    let sandbox = Sandbox::new();
    let shell = "trap 'sleep 0.2; echo INT >> said; exit 5' INT; trap 'echo TERM >> said' TERM; \
        echo up >> said; while :; do sleep 0.02; done";
    let Some((mut terminal, mut keys)) = on_terminal(&sandbox, shell, &[]) else {
        return;
    };
    keys.write_all(b"\x03").unwrap();
    assert_eq!(terminal.wait().unwrap().code(), Some(5));
    assert_eq!(sandbox.text("said"), "up\nINT\n");
    assert_eq!(sandbox.state("x"), "stopped");
    sandbox.until_empty();
}

#[test]
fn who_goes_on_after_control_c_is_stopped() {
    let sandbox = Sandbox::new();
    let shell = "trap '' INT; trap 'echo TERM >> said; exit 6' TERM; \
        echo up >> said; while :; do sleep 0.02; done";
    let Some((mut terminal, mut keys)) = on_terminal(&sandbox, shell, &["--stop-pause", "0.2"])
    else {
        return;
    };
    keys.write_all(b"\x03").unwrap();
    assert_eq!(terminal.wait().unwrap().code(), Some(6));
    assert_eq!(sandbox.text("said"), "up\nTERM\n");
    sandbox.until_empty();
}

#[test]
fn a_second_control_c_stops_it_at_once() {
    let sandbox = Sandbox::new();
    let shell = "trap 'echo INT >> said' INT; trap 'echo TERM >> said; exit 6' TERM; \
        echo up >> said; while :; do sleep 0.02; done";
    let Some((mut terminal, mut keys)) = on_terminal(&sandbox, shell, &["--stop-pause", "1000"])
    else {
        return;
    };
    keys.write_all(b"\x03").unwrap();
    sandbox.until_lines("said", 2);
    sandbox.until("x", "stopping");
    keys.write_all(b"\x03").unwrap();
    assert_eq!(terminal.wait().unwrap().code(), Some(6));
    assert!(sandbox.text("said").ends_with("TERM\n"));
    sandbox.until_empty();
}

#[test]
fn control_backslash_is_the_business_of_the_service() {
    let sandbox = Sandbox::new();
    let shell = "trap 'echo QUIT >> said' QUIT; echo up >> said; while :; do sleep 0.02; done";
    let Some((mut terminal, mut keys)) = on_terminal(&sandbox, shell, &[]) else {
        return;
    };
    let shim = sandbox.shim("x");
    keys.write_all(b"\x1c").unwrap();
    sandbox.until_lines("said", 2);
    assert!(lives(shim));
    assert_eq!(sandbox.state("x"), "running");
    sandbox.ok(&["stop", "x"]);
    terminal.wait().unwrap();
    sandbox.until_empty();
}

#[test]
fn control_backslash_may_end_the_service() {
    let sandbox = Sandbox::new();
    let shell = "ulimit -c 0; echo up >> said; exec sleep 1000";
    let Some((mut terminal, mut keys)) = on_terminal(&sandbox, shell, &[]) else {
        return;
    };
    sandbox.until("x", "running");
    keys.write_all(b"\x1c").unwrap();
    assert_eq!(terminal.wait().unwrap().code(), Some(128 + libc::SIGQUIT));
    assert_eq!(sandbox.status("x")["detail"], "killed 3");
    sandbox.until_empty();
}

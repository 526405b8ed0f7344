//! `svc run`.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;

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

//! `svc logs`.

use std::io::{BufRead, BufReader};
use std::process::Child;

use crate::sandbox::{Sandbox, eventually};

/// With a service that has written these lines, and does not run.
fn with_log(lines: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "x", "-o", "log", "sleep 1000"]);
    std::fs::write(sandbox.path("log"), lines).unwrap();
    sandbox
}

#[test]
fn the_last_ten_lines_are_shown() {
    let lines: Vec<_> = (0..20).map(|line| format!("{line}\n")).collect();
    let sandbox = with_log(&lines.concat());
    assert_eq!(sandbox.ok(&["logs", "x"]), lines[10..].concat());
}

#[test]
fn so_many_lines_are_shown() {
    let sandbox = with_log("a\nb\nc\n");
    assert_eq!(sandbox.ok(&["logs", "-n", "2", "x"]), "b\nc\n");
    assert_eq!(sandbox.ok(&["logs", "-n", "0", "x"]), "");
    assert_eq!(sandbox.ok(&["logs", "-n", "99", "x"]), "a\nb\nc\n");
}

#[test]
fn two_files_have_their_names() {
    let sandbox = Sandbox::new();
    let line = "echo out; echo err >&2";
    sandbox.ok(&["add", "x", "-o", "out", "-e", "err", "--", "sh", "-c", line]);
    sandbox.ok(&["start", "x"]);
    sandbox.until("x", "ended");
    let name = |name| sandbox.status("x")[name].as_str().unwrap().to_owned();
    let (out, err) = (name("stdout"), name("stderr"));
    let expected = format!("==> {out} <==\nout\n==> {err} <==\nerr\n");
    assert_eq!(sandbox.ok(&["logs", "x"]), expected);
}

#[test]
fn a_service_without_a_log_has_none_to_show() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "x", "-o", "/dev/null", "sleep 1"]);
    let error = sandbox.fails(1, &["logs", "x"]);
    let advice = "`svc edit x --log` keeps what it writes";
    assert_eq!(error, format!("error: `x` writes to no file: {advice}"));
}

#[test]
fn a_log_is_a_file_wherever_it_is() {
    let sandbox = Sandbox::new();
    let log = tempfile::Builder::new().tempfile_in("/dev/shm").unwrap();
    let log = log.path().to_str().unwrap();
    sandbox.start("x", "echo hello", &["-o", log]);
    sandbox.until("x", "ended");
    assert_eq!(sandbox.ok(&["logs", "x"]), "hello\n");
}

#[test]
fn a_pipe_is_no_log() {
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.sh("mkfifo pipe").code, 0);
    sandbox.add("x", "echo hello", &["-o", "pipe"]);
    for options in [&["logs", "x"] as &[_], &["logs", "-f", "x"]] {
        let error = sandbox.fails(1, options);
        assert!(error.contains("`x` writes to no file"), "{error}");
    }
}

#[test]
fn a_service_that_never_ran_has_an_empty_log() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "x", "-o", "log", "sleep 1"]);
    assert_eq!(sandbox.ok(&["logs", "x"]), "");
}

#[test]
fn what_comes_later_is_followed() {
    let sandbox = with_log("a\nb\n");
    let mut follow = sandbox
        .command(&["logs", "-n1", "-f", "x"])
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(follow.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "b");
    sandbox.sh("echo c >> log");
    assert_eq!(lines.next().unwrap().unwrap(), "c");
    end(follow);
}

#[test]
fn a_file_that_was_put_aside_is_followed_by_the_new_one() {
    let sandbox = with_log("a\nb\n");
    let mut follow = sandbox
        .command(&["logs", "-n1", "-f", "x"])
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(follow.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "b");
    sandbox.sh("echo c > new; mv new log");
    assert_eq!(lines.next().unwrap().unwrap(), "c");
    end(follow);
}

#[test]
fn who_follows_ends_when_nobody_reads() {
    let sandbox = with_log("a\nb\n");
    let ran = sandbox.sh("$SVC logs -f x | head -1");
    assert_eq!((ran.code, &*ran.out, &*ran.err), (0, "a\n", ""));
    eventually("nobody follows", || sandbox.processes().is_empty());
}

fn end(mut process: Child) {
    process.kill().unwrap();
    process.wait().unwrap();
}

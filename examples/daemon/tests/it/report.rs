//! What becomes of a daemon, told to the one who waits.

use std::os::unix::process::CommandExt;
use std::time::{Duration, Instant};

use rustix::process::getuid;

use crate::daemons::{self, Sandbox};
use crate::users::is_root;

// P6, and what twistd gets wrong: what becomes of a daemon, told to the one who waits.

#[test]
fn each_end_of_a_start_is_told() {
    let sandbox = Sandbox::new();
    let cases = [
        ("fail", "exec /no/such: No such file or directory"),
        (
            "strange",
            "stage /\u{fffd}\\n/x: two\\nlines: \"\\u{0}\\u{1b}",
        ),
        ("panic", "body: it panicked before it reported"),
        ("quiet", "body: it made no report"),
        ("die", "died before it reported (signal 9)"),
        ("orphan", "died before it reported (signal 9)"),
        ("exit", "died before it reported (exit code 3)"),
        (
            "become",
            "body: it became another program before it reported",
        ),
        ("talk", "ready with 500000 bytes"),
    ];
    for (deed, expected) in cases {
        assert_eq!(sandbox.daemons(&[deed]), [format!("{deed}: {expected}")]);
    }
}

#[test]
fn a_daemon_that_does_not_report_keeps_nobody_for_ever() {
    let sandbox = Sandbox::new();
    let start = Instant::now();
    let told = sandbox.daemons(&["hang", "work", "--deadline", "300"]);
    assert!(told[0].starts_with("work: ready as "), "{told:?}");
    assert!(
        told[1].starts_with("hang: did not report within "),
        "{told:?}"
    );
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn many_are_started_and_waited_for_at_once() {
    let sandbox = Sandbox::new();
    let mut told = sandbox.daemons(&["work"; 60]);
    told.sort();
    told.dedup();
    assert_eq!(told.len(), 60);
    assert!(
        told.iter().all(|line| line.starts_with("work: ready as ")),
        "{told:?}"
    );
}

#[test]
fn a_stage_that_fails_is_named() {
    let sandbox = Sandbox::new();
    let told = sandbox.daemons(&["work", "--working-directory", "/no/such"]);
    assert_eq!(told, ["work: chdir /no/such: No such file or directory"]);
    let output = sandbox
        .bare(&["--working-directory", "/no/such"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(text, "error: chdir /no/such: No such file or directory\n");
}

#[test]
fn a_process_with_threads_is_not_forked() {
    let told = Sandbox::new().daemons(&["work", "--thread"]);
    assert!(
        told[0].starts_with("work: fork: the process has 2 threads"),
        "{told:?}"
    );
}

#[test]
fn a_fork_that_fails_is_told_be_it_the_first_or_the_second() {
    if !is_root() {
        return eprintln!(
            "skipped: not root, and {:?} may have other processes",
            getuid()
        );
    }
    let sandbox = Sandbox::new();
    for processes in ["1", "2"] {
        let mut command = sandbox.command_of(
            &daemons::example("daemons"),
            &["work", "--processes", processes],
        );
        let output = command.uid(54321).gid(54321).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(text, "work: fork: Resource temporarily unavailable\n");
    }
}

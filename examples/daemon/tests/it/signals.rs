//! What a daemon does on signals.

use std::fs;
use std::os::unix::process::ExitStatusExt;

use rustix::process::Signal;

use crate::daemons::Sandbox;

// P8, P9: signals.

#[test]
fn stops_by_a_terminal_are_ignored() {
    let sandbox = Sandbox::new();
    let daemon = sandbox.start(&[]);
    let ignored = [libc::SIGPIPE, libc::SIGTSTP, libc::SIGTTIN, libc::SIGTTOU];
    let ignored: u64 = ignored.map(|signal| 1 << (signal - 1)).iter().sum();
    // The C library keeps the next two for itself, and lets nobody change them.
    let own: u64 = 0b11 << 31;
    assert_eq!(daemon.signals("SigIgn") & !own, ignored);
}

#[test]
fn signals_do_as_the_map_says() {
    let sandbox = Sandbox::new();
    let daemon = sandbox.start(&["--ignore", "usr1", "--default", "SIGTSTP"]);
    let ignored = daemon.signals("SigIgn");
    assert_ne!(ignored & 1 << (libc::SIGUSR1 - 1), 0);
    assert_eq!(ignored & 1 << (libc::SIGTSTP - 1), 0);
    daemon.kill(Signal::USR1);
    assert!(daemon.is_alive());
}

#[test]
fn what_is_inherited_as_ignored_or_blocked_is_not_so_any_more() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.through(&["env", "--ignore-signal=HUP,CHLD", "--block-signal=USR1"]);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let daemon = sandbox.daemon();
    assert_eq!(daemon.signals("SigBlk"), 0);
    let ignored = daemon.signals("SigIgn");
    assert_eq!(ignored & (1 << (libc::SIGHUP - 1)), 0);
    assert_eq!(ignored & (1 << (libc::SIGCHLD - 1)), 0);
}

#[test]
fn a_name_of_no_signal_is_refused() {
    let output = Sandbox::new()
        .command(&["--ignore", "nosuch"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("there is no signal \"nosuch\""), "{text}");
}

#[test]
fn sigterm_leaves_the_pid_file_and_shows_in_the_status() {
    let sandbox = Sandbox::new();
    let mut child = sandbox.command(&["--detach", "never"]).spawn().unwrap();
    let daemon = sandbox.daemon();
    daemon.kill(Signal::TERM);
    assert_eq!(child.wait().unwrap().signal(), Some(libc::SIGTERM));
    assert!(!sandbox.path("pid").exists());
}

#[test]
fn sigterm_leaves_the_pid_file_of_another_alone() {
    let sandbox = Sandbox::new();
    let daemon = sandbox.start(&[]);
    fs::remove_file(sandbox.path("pid")).unwrap();
    sandbox.file("pid", "1\n");
    daemon.kill(Signal::TERM);
    daemon.wait();
    assert_eq!(sandbox.read("pid"), "1\n");
}

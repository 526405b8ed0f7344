//! What can be seen of a daemon from outside: each guarantee of PEP 3143, and what python-daemon
//! and twistd get wrong. The daemons are the programs in `examples`, as a test harness has threads
//! and can't fork.

mod daemons;
mod greeter;
mod owner;
mod peers;
mod pidfile;
mod report;
mod signals;
mod users;

use std::fs;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::Stdio;

use daemons::Sandbox;
use rustix::process::Signal;

// P1, P2, P5, P8, P13, P15: the defaults.

#[test]
fn a_daemon_works_in_the_root_directory_and_leaves_no_core() {
    let sandbox = Sandbox::new();
    let daemon = sandbox.start(&[]);
    assert_eq!(daemon.link("cwd"), "/");
    assert_eq!(daemon.status("Umask"), "0022");
    let limits = daemon.read("limits");
    let core = limits.lines().find(|line| line.starts_with("Max core"));
    let core: Vec<_> = core.unwrap().split_whitespace().collect();
    assert_eq!(core[4..6], ["0", "0"]);
}

#[test]
fn a_daemon_is_in_a_session_of_which_it_is_not_the_leader() {
    let sandbox = Sandbox::new();
    let daemon = sandbox.start(&[]);
    let (session, terminal) = daemon.session_and_terminal();
    assert_ne!(session, daemon.pid);
    assert_eq!(terminal, 0);
    let own = fs::read_to_string("/proc/self/stat").unwrap();
    assert_ne!(session, daemons::session_and_terminal(&own).0);
}

#[test]
fn the_streams_are_null_unless_given() {
    let sandbox = Sandbox::new();
    let input = sandbox.file("in", "");
    let error = sandbox.path("err");
    let plain = sandbox.start(&[]);
    assert_eq!(plain.link("fd/0"), "/dev/null");
    assert_eq!(plain.link("fd/2"), "/dev/null");
    let log = sandbox.path("log");
    assert_eq!(plain.link("fd/1"), log.to_str().unwrap());
    plain.kill(Signal::KILL);
    plain.wait();
    let given = sandbox.start(&["--stdin", &input, "--stderr", error.to_str().unwrap()]);
    assert_eq!(given.link("fd/0"), input);
    assert_eq!(given.link("fd/2"), error.to_str().unwrap());
}

#[test]
fn a_daemon_has_what_was_asked_for() {
    let sandbox = Sandbox::new();
    let directory = sandbox.path("").canonicalize().unwrap();
    let directory = directory.to_str().unwrap();
    let daemon = sandbox.start(&["--working-directory", directory, "--umask", "077", "--core"]);
    assert_eq!(daemon.link("cwd"), directory);
    assert_eq!(daemon.status("Umask"), "0077");
    let own = fs::read_to_string("/proc/self/limits").unwrap();
    let core = |text: &str| {
        let line = text.lines().find(|line| line.starts_with("Max core"));
        line.map(str::to_owned)
    };
    assert_eq!(core(&daemon.read("limits")), core(&own));
}

#[test]
fn the_original_process_ends_when_the_daemon_works() {
    let sandbox = Sandbox::new();
    // `start` looks at the file right after the original process has ended.
    let daemon = sandbox.start(&[]);
    assert_eq!(sandbox.read("pid"), format!("{}\n", daemon.pid));
    assert!(daemon.is_alive());
}

// P10, P11, P12: descriptors.

#[test]
fn all_descriptors_are_closed_but_those_to_preserve() {
    let sandbox = Sandbox::new();
    let (stranger, kept) = (sandbox.file("stranger", ""), sandbox.file("kept", ""));
    let shell = format!("exec 7<{stranger} 9<{stranger}; exec \"$0\" \"$@\" --preserve {kept}");
    let output = sandbox.through(&["sh", "-c", &shell]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let open = sandbox.daemon().descriptors();
    assert!(!open.contains(&stranger), "{open:?}");
    assert!(open.contains(&kept), "{open:?}");
    let rest = open
        .iter()
        .filter(|path| !path.starts_with(sandbox.path("").to_str().unwrap()));
    assert!(rest.into_iter().all(|path| path == "/dev/null"), "{open:?}");
}

// P3, P4: the guard.

#[test]
fn a_closed_daemon_has_left_its_pid_file_once() {
    let sandbox = Sandbox::new();
    let output = sandbox
        .command(&["--detach", "never", "--end-after", "0"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(sandbox.read("log").ends_with("closed\n"));
    assert!(!sandbox.path("pid").exists());
}

// P7: whether to detach.

#[test]
fn a_daemon_of_a_super_server_stays_its_child() {
    let sandbox = Sandbox::new();
    let (socket, _other) = UnixStream::pair().unwrap();
    let mut command = sandbox.command(&["--detach", "auto"]);
    let mut child = command
        .stdin(Stdio::from(OwnedFd::from(socket)))
        .spawn()
        .unwrap();
    let daemon = sandbox.daemon();
    assert_eq!(daemon.pid, child.id());
    daemon.kill(Signal::KILL);
    child.wait().unwrap();
}

#[test]
fn a_daemon_of_init_stays_its_child() {
    let sandbox = Sandbox::new();
    let unshare = [
        "unshare",
        "-Urpf",
        "--mount-proc",
        "sh",
        "-c",
        "\"$0\" \"$@\" --end-after 9; :",
    ];
    if !sandbox.can_run(&["unshare", "-Urpf", "--mount-proc", "true"]) {
        return eprintln!("skipped: there are no namespaces here");
    }
    let output = sandbox
        .through_with(&unshare, &["--detach", "auto"])
        .output()
        .unwrap();
    // The shell, process 1 there, came to its end after the daemon.
    assert!(output.status.success(), "{output:?}");
    assert!(sandbox.read("log").ends_with("closed\n"));
}

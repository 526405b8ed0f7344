//! What shims and services have of whoever started them, and of each other.

use std::fs::{self, File};
use std::os::fd::AsRawFd;
use std::path::PathBuf;

use crate::sandbox::{Sandbox, signals, status_line};

/// What the descriptors of a process lead to, by number.
fn descriptors(pid: i32) -> Vec<(i32, PathBuf)> {
    let entries = fs::read_dir(format!("/proc/{pid}/fd")).unwrap().flatten();
    let mut found: Vec<_> = entries
        .map(|entry| {
            let number = entry.file_name().to_str().unwrap().parse().unwrap();
            (number, fs::read_link(entry.path()).unwrap())
        })
        .collect();
    found.sort();
    found
}

/// Starts two services, with a descriptor open that a careless program would pass on; gives the
/// shim and the process of the second.
fn second(sandbox: &Sandbox) -> (i32, i32) {
    let leak = File::open("/dev/zero").unwrap();
    rustix::io::fcntl_setfd(&leak, rustix::io::FdFlags::empty()).unwrap();
    assert!(leak.as_raw_fd() > 2);
    sandbox.ok(&["add", "a", "sleep 1000"]);
    sandbox.ok(&["add", "b", "sleep 1000"]);
    sandbox.ok(&["start", "a", "b"]);
    (sandbox.shim("b"), sandbox.pid("b"))
}

#[test]
fn a_service_has_its_streams_and_no_other_descriptor() {
    let sandbox = Sandbox::new();
    let (_, pid) = second(&sandbox);
    let found = descriptors(pid);
    let numbers: Vec<_> = found.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, [0, 1, 2]);
    assert_eq!(found[0].1, PathBuf::from("/dev/null"));
    for (_, link) in &found[1..] {
        assert!(link.to_str().unwrap().starts_with("pipe:"), "{found:?}");
    }
}

#[test]
fn a_shim_has_its_lock_its_signals_and_the_pipes_of_the_log_only() {
    let sandbox = Sandbox::new();
    let (shim, _) = second(&sandbox);
    let mut links: Vec<_> = descriptors(shim)
        .into_iter()
        .map(|(_, link)| link)
        .collect();
    let pipes = |link: &PathBuf| link.to_str().unwrap().starts_with("pipe:");
    // Both ends of two, so that a new logger can have them.
    assert_eq!(links.iter().filter(|link| pipes(link)).count(), 4);
    links.retain(|link| !pipes(link));
    links.sort();
    let lock = fs::canonicalize(sandbox.path("registry.d/locks/b")).unwrap();
    let null = || PathBuf::from("/dev/null");
    let mut expected = [null(), null(), null(), lock, "anon_inode:[signalfd]".into()];
    expected.sort();
    assert_eq!(links, expected);
}

#[test]
fn a_service_leads_a_session_of_its_own() {
    let sandbox = Sandbox::new();
    let (shim, pid) = second(&sandbox);
    let of = |pid| {
        let pid = nix::unistd::Pid::from_raw(pid);
        let session = nix::unistd::getsid(Some(pid)).unwrap();
        (
            session.as_raw(),
            nix::unistd::getpgid(Some(pid)).unwrap().as_raw(),
        )
    };
    assert_eq!(of(pid), (pid, pid));
    assert_ne!(of(shim).0, of(std::process::id().cast_signed()).0);
    assert_eq!(status_line(pid, "PPid"), shim.to_string());
}

#[test]
fn a_service_ignores_and_blocks_no_signal() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "web", "sleep 1000"]);
    // `nohup` and shells leave such things to whom they start.
    let svc = env!("CARGO_BIN_EXE_svc");
    let mut start = sandbox.program("sh");
    start.args([
        "-c",
        &format!("trap '' HUP INT QUIT CHLD USR1; exec {svc} start web"),
    ]);
    assert!(start.output().unwrap().status.success());
    let pid = sandbox.pid("web");
    for line in ["SigIgn", "SigBlk"] {
        assert_eq!(signals(pid, line), 0, "{line}");
    }
    sandbox.ok(&["stop", "web"]);
}

#[test]
fn a_service_has_the_umask_of_a_daemon() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "web", "sleep 1000"]);
    sandbox.ok(&["start", "web"]);
    assert_eq!(status_line(sandbox.pid("web"), "Umask"), "0022");
}

#[test]
fn a_shim_keeps_no_directory_busy() {
    let sandbox = Sandbox::new();
    let (shim, pid) = second(&sandbox);
    let directory = |pid| fs::read_link(format!("/proc/{pid}/cwd")).unwrap();
    assert_eq!(directory(shim), PathBuf::from("/"));
    assert_eq!(directory(pid), fs::canonicalize(sandbox.path("")).unwrap());
}

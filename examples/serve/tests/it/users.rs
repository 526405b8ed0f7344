//! Whose processes they are. What only root can try is tried as root only.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use rustix::process::{Signal, geteuid};

use crate::server::{Server, kill, run, said, serve, status_of, until};

const NOBODY: u32 = 65534;

/// Whether the system lets us be somebody else.
fn is_root() -> bool {
    let map = fs::read_to_string("/proc/self/uid_map").unwrap();
    let is_alone = map
        .split_whitespace()
        .skip(2)
        .step_by(3)
        .all(|count| count == "1");
    let is_root = geteuid().is_root() && !is_alone;
    if !is_root {
        eprintln!("not tried, as it takes root");
    }
    is_root
}

/// A copy of the program that everybody may run.
fn open_copy(directory: &tempfile::TempDir) -> std::path::PathBuf {
    fs::set_permissions(directory, fs::Permissions::from_mode(0o777)).unwrap();
    let program = directory.path().join("serve");
    fs::copy(env!("CARGO_BIN_EXE_serve"), &program).unwrap();
    program
}

#[test]
fn s7_t7_e50_workers_drop_all_that_they_are_not_to_have() {
    if !is_root() {
        return;
    }
    let server = Server::start("--workers 2 -u nobody echo");
    assert_eq!(status_of(server.id(), "Uid"), "0\t0\t0\t0");
    for worker in server.workers() {
        assert_eq!(
            status_of(worker, "Uid"),
            [NOBODY; 4].map(|id| id.to_string()).join("\t")
        );
        // Its primary group, as none was named.
        assert_eq!(
            status_of(worker, "Gid"),
            [NOBODY; 4].map(|id| id.to_string()).join("\t")
        );
        assert_eq!(status_of(worker, "Groups"), NOBODY.to_string());
        assert_eq!(status_of(worker, "NoNewPrivs"), "1");
        assert_eq!(status_of(worker, "CapEff"), "0000000000000000");
        assert_eq!(status_of(worker, "CapPrm"), "0000000000000000");
    }
    // The parent can still do what takes root.
    server.reload(2);
    assert_eq!(server.get("/").status, 200);
}

#[test]
fn t1_s7_user_and_group_by_name_or_number() {
    if !is_root() {
        return;
    }
    for words in ["-u nobody -g daemon", "-u 65534 -g 1"] {
        let server = Server::start(&format!("--workers 1 {words} echo"));
        let worker = server.workers()[0];
        assert_eq!(status_of(worker, "Uid"), "65534\t65534\t65534\t65534");
        assert_eq!(status_of(worker, "Gid"), "1\t1\t1\t1");
    }
    let server = Server::start("--workers 0 -u nobody echo");
    assert_eq!(status_of(server.id(), "Uid"), "65534\t65534\t65534\t65534");
}

#[test]
fn e50_a_log_that_was_moved_can_be_opened_by_the_workers() {
    if !is_root() {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o777)).unwrap();
    let log = directory.path().join("serve.log");
    let mut command = serve("-u nobody --bind 127.0.0.1:0 --workers 1 echo");
    assert!(command.current_dir(&directory).status().unwrap().success());
    let pid = fs::read_to_string(directory.path().join("serve.pid"))
        .unwrap()
        .trim()
        .parse()
        .unwrap();
    assert_eq!(fs::metadata(&log).unwrap().uid(), NOBODY);
    let worker = crate::server::children(pid)[0];
    fs::rename(&log, directory.path().join("old.log")).unwrap();
    kill(worker, Signal::USR2);
    until("the worker has opened it", || {
        fs::read_link(format!("/proc/{worker}/fd/2")).unwrap() == log
    });
    kill(pid, Signal::TERM);
    until("it ends", || !crate::server::is_alive(pid));
}

#[test]
fn e40_who_is_not_root_can_not_be_somebody_else() {
    let directory = tempfile::tempdir().unwrap();
    let mut command = Command::new(open_copy(&directory));
    command.args([
        "-n",
        "--bind",
        "127.0.0.1:0",
        "--workers",
        "1",
        "-u",
        "daemon",
        "echo",
    ]);
    if geteuid().is_root() {
        if !is_root() {
            return;
        }
        command.uid(NOBODY).gid(NOBODY);
    }
    let (code, _, errors) = said(command.current_dir(&directory).output().unwrap());
    assert_eq!(code, Some(1));
    assert!(
        errors.contains("did not start: ") && errors.contains("not permitted"),
        "{errors}"
    );
}

#[test]
fn e41_a_port_that_takes_root_is_refused_at_once() {
    let first = fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start").unwrap();
    let first: u16 = first.trim().parse().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let mut command = Command::new(open_copy(&directory));
    command.args([
        "-n",
        "--bind",
        "127.0.0.1:1",
        "--bind-timeout",
        "60",
        "echo",
    ]);
    if first <= 1 || geteuid().is_root() && !is_root() {
        return eprintln!("not tried, as everybody may here");
    }
    if geteuid().is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    let (code, _, errors) = said(command.current_dir(&directory).output().unwrap());
    assert_eq!(
        (code, &*errors),
        (Some(1), "error: 127.0.0.1:1: Permission denied\n")
    );
}

#[test]
fn a_directory_that_can_not_be_read_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let program = open_copy(&directory);
    let site = directory.path().join("site");
    fs::create_dir(&site).unwrap();
    fs::set_permissions(&site, fs::Permissions::from_mode(0o000)).unwrap();
    let mut command = Command::new(program);
    command
        .args(["-n", "--bind", "127.0.0.1:0", "web"])
        .arg(&site);
    if geteuid().is_root() {
        if !is_root() {
            return;
        }
        command.uid(NOBODY).gid(NOBODY);
    }
    let (code, _, errors) = said(command.current_dir(&directory).output().unwrap());
    let text = format!("error: {}: Permission denied\n", site.display());
    assert_eq!((code, errors), (Some(1), text));
}

#[test]
fn t6_the_root_can_be_another_directory() {
    if !is_root() {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().join("root");
    fs::create_dir_all(root.join("site")).unwrap();
    fs::write(root.join("site/x.txt"), "x").unwrap();
    let server = Server::start(&format!(
        "--chroot {} --workers 1 -u nobody web site",
        root.display()
    ));
    assert_eq!(server.get("/x.txt").text(), "x");
    let worker = server.workers()[0];
    assert_eq!(fs::read_link(format!("/proc/{worker}/root")).unwrap(), root);
}

#[test]
fn unknown_users_and_groups_are_told() {
    for option in ["--uid", "--gid"] {
        let (code, _, errors) = run(&format!("-n {option} no-such echo"));
        assert_eq!(code, Some(2));
        assert!(errors.contains("no-such"), "{errors}");
    }
}

//! What only root can do, and what nobody else can.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;

use rustix::process::Signal;

use crate::daemons::{self, Sandbox};
use crate::users::{is_lonely_root, is_root};

// P14, P16: what only root can do.

#[test]
fn the_root_is_changed_before_all_else() {
    if !is_root() {
        return eprintln!("skipped: not root");
    }
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("inner")).unwrap();
    let root = sandbox.path("").canonicalize().unwrap();
    let root = root.to_str().unwrap();
    let arguments = [
        "--chroot",
        root,
        "--working-directory",
        "/inner",
        "--pidfile",
        "/inner/pid",
    ];
    let status = sandbox.bare(&arguments).status().unwrap();
    assert!(status.success());
    let daemon = sandbox.daemon_of("inner/pid");
    assert_eq!(daemon.link("root"), root);
    assert_eq!(daemon.link("cwd"), format!("{root}/inner"));
}

#[test]
fn another_owner_has_none_of_the_groups_of_root() {
    if !is_root() {
        return eprintln!("skipped: not root");
    }
    let sandbox = Sandbox::new();
    sandbox.open_to_all();
    let output = sandbox
        .through_with(&["setpriv", "--groups", "0,1,2"], &["--uid", "65534"])
        .output();
    let output = output.unwrap();
    assert!(output.status.success(), "{output:?}");
    let daemon = sandbox.daemon();
    assert_eq!(daemon.status("Uid"), "65534 65534 65534 65534");
    assert_eq!(daemon.status("Gid"), "65534 65534 65534 65534");
    assert_eq!(daemon.status("Groups"), "65534");
}

#[test]
fn an_owner_without_a_name_has_the_group_asked_for() {
    if !is_root() {
        return eprintln!("skipped: not root");
    }
    let sandbox = Sandbox::new();
    sandbox.open_to_all();
    let daemon = sandbox.start(&["--uid", "54322", "--gid", "54323", "--initgroups"]);
    assert_eq!(daemon.status("Uid"), "54322 54322 54322 54322");
    assert_eq!(daemon.status("Gid"), "54323 54323 54323 54323");
    assert_eq!(daemon.status("Groups"), "54323");
}

#[test]
fn the_same_owner_keeps_its_groups_unless_it_gets_those_of_the_user() {
    if !is_root() {
        return eprintln!("skipped: not root");
    }
    let sandbox = Sandbox::new();
    let strange = ["setpriv", "--groups", "54321,54322"];
    assert!(sandbox.through(&strange).status().unwrap().success());
    let daemon = sandbox.daemon();
    assert_eq!(daemon.status("Groups"), "54321 54322");
    daemon.kill(Signal::KILL);
    daemon.wait();
    assert!(
        sandbox
            .through_with(&strange, &["--initgroups"])
            .status()
            .unwrap()
            .success()
    );
    let groups = sandbox.daemon().status("Groups");
    assert!(!groups.contains("5432"), "{groups}");
}

#[test]
fn a_setuid_program_is_its_users_daemon() {
    if !is_root() {
        return eprintln!("skipped: not root");
    }
    let sandbox = Sandbox::new();
    sandbox.open_to_all();
    let program = sandbox.path("program");
    // By another process: a descriptor of ours for writing could be open in what a test beside us
    // has just forked, and then the program would be busy.
    let mut copy = std::process::Command::new("cp");
    copy.arg(daemons::example("daemon")).arg(&program);
    assert!(copy.status().unwrap().success());
    fs::set_permissions(&program, fs::Permissions::from_mode(0o4755)).unwrap();
    let mut command = sandbox.command_of(&program, &[]);
    command.args(sandbox.command(&[]).get_args());
    assert!(command.uid(65534).gid(65534).status().unwrap().success());
    assert_eq!(sandbox.daemon().status("Uid"), "65534 65534 65534 65534");
}

#[test]
fn who_is_not_root_can_become_nobody_else() {
    if is_lonely_root() {
        return eprintln!("skipped: there is nobody but root");
    }
    let sandbox = Sandbox::new();
    let mut command = sandbox.bare(&["--uid", "0"]);
    if is_root() {
        command.uid(65534).gid(65534);
    }
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(text, "error: owner: Operation not permitted\n");
}

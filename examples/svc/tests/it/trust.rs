//! Files that others own, or could change.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::os::unix::process::CommandExt;
use std::process::Command;

use crate::sandbox::{Ran, Sandbox};
use crate::users::{is_lonely_root, is_root};

/// The user and group `nobody`.
const NOBODY: u32 = 65534;

fn set_mode(sandbox: &Sandbox, name: &str, mode: u32) {
    fs::set_permissions(sandbox.path(name), fs::Permissions::from_mode(mode)).unwrap();
}

#[track_caller]
fn is_refused(sandbox: &Sandbox, what: &str, why: &str) {
    for command in [&["list"] as &[_], &["start", "x"], &["add", "y", "sleep 1"]] {
        let error = sandbox.fails(1, command);
        let path = sandbox.path(what).display().to_string();
        let told = format!("error: {path} is not trusted: {why}");
        assert!(error.starts_with(&told), "{error}");
    }
}

fn with_service() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.start("x", "exec sleep 1000", &[]);
    sandbox.ok(&["stop", "x"]);
    sandbox
}

#[test]
fn a_registry_that_others_can_write_is_refused() {
    let sandbox = with_service();
    set_mode(&sandbox, "registry.db", 0o666);
    is_refused(
        &sandbox,
        "registry.db",
        "others can write it (mode 666): `chmod go-w` mends that",
    );
}

#[test]
fn a_directory_that_others_can_write_is_refused() {
    for directory in ["registry.d", "registry.d/services", "registry.d/locks"] {
        let sandbox = with_service();
        set_mode(&sandbox, directory, 0o777);
        is_refused(&sandbox, directory, "others can write it");
    }
}

#[test]
fn states_that_others_can_write_are_refused() {
    let sandbox = with_service();
    set_mode(&sandbox, "registry.d/states", 0o777);
    let error = sandbox.fails(1, &["start", "x"]);
    assert!(
        error.contains("registry.d/states is not trusted: others can write it"),
        "{error}"
    );
}

#[test]
fn a_registry_of_somebody_else_is_refused() {
    if !is_root() {
        return eprintln!("skipped: only root can give files away");
    }
    let sandbox = with_service();
    chown(sandbox.path("registry.db"), Some(NOBODY), None).unwrap();
    is_refused(&sandbox, "registry.db", "it belongs to another user");
}

#[test]
fn a_log_that_is_a_symbolic_link_is_refused() {
    let sandbox = Sandbox::new();
    fs::write(sandbox.path("target"), "").unwrap();
    symlink("target", sandbox.path("log")).unwrap();
    let error = sandbox.fails_to_start(1, &["-o", "log", "echo hi"]);
    assert!(error.ends_with("/log: it is a symbolic link"), "{error}");
    assert_eq!(sandbox.read("target"), "");
}

#[test]
fn a_lock_that_is_a_symbolic_link_is_refused() {
    let sandbox = with_service();
    let lock = sandbox.path("registry.d/locks/x");
    fs::remove_file(&lock).unwrap();
    fs::write(sandbox.path("target"), "").unwrap();
    symlink(sandbox.path("target"), &lock).unwrap();
    sandbox.fails(1, &["start", "x"]);
}

#[test]
fn a_symbolic_link_that_others_can_change_is_refused() {
    let sandbox = with_service();
    fs::create_dir(sandbox.path("open")).unwrap();
    set_mode(&sandbox, "open", 0o777);
    symlink("../registry.db", sandbox.path("open/link.db")).unwrap();
    let error = sandbox.fails(1, &["--db", "open/link.db", "list"]);
    let told = "/open is not trusted: others can write into it";
    assert!(error.contains(told), "{error}");
}

#[test]
fn a_sticky_directory_of_all_may_have_a_registry() {
    let sandbox = Sandbox::bare();
    fs::create_dir(sandbox.path("tmp")).unwrap();
    set_mode(&sandbox, "tmp", 0o1777);
    sandbox.ok(&["--db", "tmp/r.db", "initialize"]);
    sandbox.ok(&["--db", "tmp/r.db", "add", "x", "sleep 1000"]);
    sandbox.ok(&["--db", "tmp/r.db", "start", "x"]);
    sandbox.ok(&["--db", "tmp/r.db", "stop", "x"]);
}

#[test]
fn a_directory_that_only_our_own_group_can_write_may_have_a_registry() {
    if !is_root() {
        return eprintln!("skipped: whose group it is is not known");
    }
    let sandbox = Sandbox::bare();
    let line = "umask 002; mkdir ours theirs; $SVC --db ours/r.db initialize && \
        $SVC --db ours/r.db add x 'sleep 1000' && $SVC --db ours/r.db start x && \
        $SVC --db ours/r.db stop x";
    let ran = sandbox.sh(line);
    assert_eq!((ran.code, &*ran.err), (0, ""));
    chown(sandbox.path("theirs"), None, Some(NOBODY)).unwrap();
    let error = sandbox.fails(1, &["--db", "theirs/r.db", "initialize"]);
    let told =
        "/theirs is not trusted: others can write into it (mode 775): `chmod go-w` mends that";
    assert!(error.ends_with(told), "{error}");
}

#[test]
fn a_setuid_svc_is_refused() {
    if !is_root() {
        return eprintln!("skipped: only root can be two users");
    }
    let sandbox = with_service();
    let ran = sandbox.sh("setpriv --euid=65534 $SVC --db /tmp/none/registry.db initialize");
    assert_eq!(ran.code, 1, "{ran:?}");
    let error = "is not trusted: svc must not run setuid or setgid\n";
    assert!(ran.err.ends_with(error), "{ran:?}");
}

/// A sandbox of a user who is not root.
struct Somebody(Sandbox);

impl Somebody {
    fn new() -> Option<Self> {
        let somebody = Self(Sandbox::bare());
        if is_lonely_root() {
            eprintln!("skipped: there is nobody but root");
            return None;
        }
        if is_root() {
            chown(somebody.0.path(""), Some(NOBODY), Some(NOBODY)).unwrap();
        }
        if somebody.command(&["initialize"]).output().is_err() {
            eprintln!("skipped: nobody can't run the program");
            return None;
        }
        Some(somebody)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = self.0.command(args);
        if is_root() {
            command.uid(NOBODY).gid(NOBODY);
        }
        command
    }

    fn run(&self, args: &[&str]) -> Ran {
        Ran::of(&self.command(args).output().unwrap())
    }
}

#[test]
fn a_log_that_is_not_ours_is_told_and_is_none_of_the_others() {
    let Some(somebody) = Somebody::new() else {
        return;
    };
    let log = somebody.0.path("log");
    fs::write(&log, "").unwrap();
    set_mode(&somebody.0, "log", 0o444);
    somebody.run(&["add", "bad", "-o", "log", "sleep 1000"]);
    somebody.run(&["add", "good", "sleep 1000"]);
    let ran = somebody.run(&["start", "--all"]);
    let error = format!("error: bad: stdout {}: Permission denied\n", log.display());
    assert_eq!((ran.code, ran.err), (1, error));
    assert!(ran.out.starts_with("good: started (pid "), "{}", ran.out);
    assert_eq!(somebody.run(&["stop", "good"]).out, "good: stopped\n");
}

#[test]
fn a_directory_that_is_not_ours_to_write_is_told() {
    let Some(somebody) = Somebody::new() else {
        return;
    };
    let ran = somebody.run(&["--db", "/proc/1/registry.db", "initialize"]);
    assert_eq!((ran.code, ran.err.lines().count()), (1, 1), "{ran:?}");
    assert!(ran.err.starts_with("error: /proc/1"), "{ran:?}");
}

//! One daemon at a time.

use std::fs;
use std::os::unix::fs::symlink;
use std::thread;
use std::time::{Duration, Instant};

use daemon::{PidLockError, PidLockFile};
use rustix::process::Signal;

use crate::daemons::{self, Sandbox};

// P17 to P20: the pid file.

#[test]
fn a_second_start_says_that_there_is_a_first() {
    let sandbox = Sandbox::new();
    let daemon = sandbox.start(&[]);
    let expected = format!("it runs already as process {}\n", daemon.pid);
    for arguments in [[], [], []] {
        let output = sandbox.command(&arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(
            text.starts_with("error: pidfile ") && text.ends_with(&expected),
            "{text}"
        );
    }
    assert!(daemon.is_alive());
}

#[test]
fn a_killed_daemon_can_be_started_again() {
    let sandbox = Sandbox::new();
    let daemon = sandbox.start(&[]);
    daemon.kill(Signal::KILL);
    daemon.wait();
    assert!(sandbox.path("pid").exists());
    let again = sandbox.start(&[]);
    assert_ne!(again.pid, daemon.pid);
}

#[test]
fn a_file_that_nobody_locks_is_taken_over() {
    let sandbox = Sandbox::new();
    // No number, nobody, and a stranger that got the id.
    for content in [
        "",
        "junk\n",
        "2147483646\n",
        "1\n",
        "longer than any number of a process\n",
    ] {
        sandbox.file("pid", content);
        let daemon = sandbox.start(&[]);
        assert_eq!(sandbox.read("pid"), format!("{}\n", daemon.pid));
        daemon.kill(Signal::TERM);
        daemon.wait();
    }
}

#[test]
fn of_many_that_start_at_once_one_becomes_the_daemon() {
    let sandbox = Sandbox::new();
    let starts: Vec<_> = (0..12)
        .map(|_| sandbox.command(&[]).spawn().unwrap())
        .collect();
    let codes = starts
        .into_iter()
        .map(|mut start| start.wait().unwrap().code());
    assert_eq!(codes.filter(|code| *code == Some(0)).count(), 1);
    assert!(sandbox.daemon().is_alive());
}

#[test]
fn many_wait_for_one_file_and_have_it_in_turn() {
    let sandbox = Sandbox::new();
    let turn = ["--patience", "20000", "--end-after", "20"];
    let starts: Vec<_> = (0..8)
        .map(|_| sandbox.command(&turn).spawn().unwrap())
        .collect();
    for mut start in starts {
        assert_eq!(start.wait().unwrap().code(), Some(0));
    }
    let log = || {
        sandbox
            .read("log")
            .lines()
            .filter(|line| *line == "closed")
            .count()
    };
    daemons::until(|| log() == 8);
    assert!(!sandbox.path("pid").exists());
}

#[test]
fn who_waits_in_vain_says_so() {
    let sandbox = Sandbox::new();
    let daemon = sandbox.start(&[]);
    let output = sandbox.command(&["--patience", "200"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stderr).unwrap();
    let expected = format!("it still runs as process {} after 200ms\n", daemon.pid);
    assert!(text.ends_with(&expected), "{text}");
}

#[test]
fn what_is_no_plain_file_is_no_pid_file() {
    let sandbox = Sandbox::new();
    symlink(sandbox.path("elsewhere"), sandbox.path("link")).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        sandbox.path("pipe"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RWXU,
        0,
    )
    .unwrap();
    let cases = [
        ("link", "Too many levels of symbolic links"),
        ("pipe", "it is no regular file"),
        ("none/pid", "No such file or directory"),
        ("", "Is a directory"),
    ];
    for (name, why) in cases {
        let path = sandbox.path(name);
        let output = sandbox
            .bare(&["--pidfile", path.to_str().unwrap()])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1), "{name}");
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(text, format!("error: pidfile {}: {why}\n", path.display()));
    }
    assert!(!sandbox.path("elsewhere").exists());
}

#[test]
fn a_pid_file_is_read_with_tolerance() {
    let sandbox = Sandbox::new();
    let file = PidLockFile::new(sandbox.path("pid")).unwrap();
    assert_eq!(file.read_pid(), None);
    let cases = [
        ("12\n", Some(12)),
        ("  12  \nmore\n", Some(12)),
        ("12", Some(12)),
    ];
    for (text, pid) in cases
        .into_iter()
        .chain([("", None), ("x\n", None), ("\n12\n", None)])
    {
        sandbox.file("pid", text);
        assert_eq!(file.read_pid(), pid, "{text:?}");
    }
    assert!(!file.is_locked());
}

#[test]
fn the_wait_for_a_pid_file_is_as_long_as_told() {
    let sandbox = Sandbox::new();
    let stored = Duration::from_millis(100);
    let file = PidLockFile::new(sandbox.path("pid"))
        .unwrap()
        .timeout(stored);
    let lock = file.acquire(None).unwrap();
    assert!(file.is_locked());
    let told = Duration::from_millis(300);
    for (timeout, least) in [(None, stored), (Some(told), told)] {
        let start = Instant::now();
        let error = file.acquire(timeout).unwrap_err();
        assert!(matches!(error, PidLockError::Timeout { timeout, .. } if timeout == least));
        assert!(start.elapsed() >= least);
    }
    let error = file.acquire(Duration::ZERO).unwrap_err();
    let own = std::process::id();
    assert!(matches!(error, PidLockError::AlreadyLocked { pid: Some(pid) } if pid == own));
    lock.release().unwrap();
}

#[test]
fn what_is_not_ours_is_not_released() {
    let sandbox = Sandbox::new();
    let file = PidLockFile::new(sandbox.path("pid")).unwrap();
    let lock = file.acquire(None).unwrap();
    fs::remove_file(file.path()).unwrap();
    assert!(matches!(lock.release(), Err(PidLockError::NotLocked)));
    let lock = file.acquire(None).unwrap();
    fs::remove_file(file.path()).unwrap();
    sandbox.file("pid", "1\n");
    assert!(matches!(lock.release(), Err(PidLockError::NotMine)));
    assert_eq!(file.read_pid(), Some(1));
}

#[test]
fn never_do_two_hold_one_file() {
    let sandbox = Sandbox::new();
    let file = PidLockFile::new(sandbox.path("pid")).unwrap();
    let held = std::sync::Mutex::new(());
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..50 {
                    let lock = file.acquire(Duration::from_secs(60)).unwrap();
                    let alone = held.try_lock().expect("another one holds it");
                    drop(alone);
                    lock.release().unwrap();
                }
            });
        }
    });
}

#[test]
fn who_looks_is_in_nobodys_way() {
    let sandbox = Sandbox::new();
    let file = PidLockFile::new(sandbox.path("pid")).unwrap();
    let done = std::sync::atomic::AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                let _ = file.is_locked();
                thread::sleep(Duration::from_micros(50));
            }
        });
        let taken: Vec<_> = (0..200).map(|_| file.acquire(None).map(drop)).collect();
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(taken.iter().all(Result::is_ok), "{taken:?}");
    });
}

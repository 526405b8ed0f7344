//! What can be seen of a daemon from outside: each guarantee of PEP 3143, and what python-daemon
//! and twistd get wrong. The daemons are the programs in `examples`, as a test harness has threads
//! and can't fork.

mod daemons;

use std::fs;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use daemons::{Sandbox, is_root};
use rustix::process::{Signal, getuid};
use svc::daemon::{PidLockError, PidLockFile};

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
    let own = rustix::process::getsid(None).unwrap();
    assert_ne!(session, own.as_raw_nonzero().get().cast_unsigned());
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
    fs::copy(daemons::example("daemon"), &program).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o4755)).unwrap();
    let mut command = sandbox.command_of(&program, &[]);
    command.args(sandbox.command(&[]).get_args());
    assert!(command.uid(65534).gid(65534).status().unwrap().success());
    assert_eq!(sandbox.daemon().status("Uid"), "65534 65534 65534 65534");
}

#[test]
fn who_is_not_root_can_become_nobody_else() {
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

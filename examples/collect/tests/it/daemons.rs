//! `collect run`: its options, its signals, its end.

use std::fs;
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::peers::{Manner, Peer, eventually, free_port};
use super::sandbox::{PROGRAM, Sandbox, text};

/// `collect run` in the foreground; it is killed at the end.
pub(crate) struct Running<'a> {
    sandbox: &'a Sandbox,
    child: std::cell::RefCell<Child>,
}

impl<'a> Running<'a> {
    /// Starts it, and waits until it has.
    pub(crate) fn start(sandbox: &'a Sandbox, options: &[&str]) -> Self {
        let running = Self::spawn(sandbox, options);
        eventually("it has started", || {
            running.log().contains("started as process")
        });
        running
    }

    fn spawn(sandbox: &'a Sandbox, options: &[&str]) -> Self {
        let mut command = Command::new(PROGRAM);
        command
            .arg("-c")
            .arg(sandbox.path("collect.toml"))
            .args(["run", "-f", "-l"]);
        command.arg(sandbox.path("log")).args(options);
        let child = command
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self {
            sandbox,
            child: child.into(),
        }
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child.borrow()), signal).unwrap();
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.sandbox.path("log")).unwrap_or_default()
    }

    fn pid(&self) -> u32 {
        self.child.borrow().id()
    }

    /// Ends it, and waits for that.
    pub(crate) fn stop(&self) {
        self.signal(Signal::TERM);
        let status = self.child.borrow_mut().wait().unwrap();
        assert_eq!(status.code(), Some(0), "{}", self.log());
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let _ = self.child.borrow_mut().kill();
        let _ = self.child.borrow_mut().wait();
    }
}

/// A script that counts its runs, with what else the configuration has.
fn counting(sandbox: &Sandbox, port: u16, rest: &str) {
    if !sandbox.path("s/counts.n").exists() {
        sandbox.script(
            "s/counts",
            "n=$(cat $0.n); echo $((n + 1)) >$0.n; echo counted $n",
        );
        sandbox.file("s/counts.n", "0");
    }
    let scripts = sandbox.path("s");
    sandbox.file(
        "collect.toml",
        &format!(
            "[server]\nhandlers = ['graphite']\n[handlers.graphite]\nport = {port}\nretry = 0.05\nretry_max = 0.2\n\
             [collectors.scripts]\nenabled = true\ninterval = 1\nscripts = '{}'\n{rest}",
            scripts.display(),
        ),
    );
}

fn all_up_to(values: &[u64]) -> bool {
    *values == (0..values.len() as u64).collect::<Vec<_>>()
}

#[test]
fn a_daemon_notes_its_process_refuses_a_second_one_and_ends_in_order() {
    let sandbox = Sandbox::new();
    let peer = Peer::new(Manner::Reads);
    counting(&sandbox, peer.port, "");
    let (pidfile, log) = (sandbox.path("pid"), sandbox.path("log"));
    let options = [
        "run",
        "-p",
        pidfile.to_str().unwrap(),
        "-l",
        log.to_str().unwrap(),
    ];
    text(&sandbox.collect(&options));
    // It has started when that returns.
    let pid: i32 = fs::read_to_string(&pidfile)
        .unwrap()
        .trim()
        .parse()
        .unwrap();
    assert!(
        fs::read_to_string(&log)
            .unwrap()
            .contains(&format!("started as process {pid}"))
    );
    let second = sandbox.collect(&options);
    assert_eq!(second.status.code(), Some(1));
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(
        said.contains(&format!("it runs already as process {pid}")),
        "{said}"
    );
    eventually("it works", || peer.values("counted").len() > 2);
    kill_process(Pid::from_raw(pid).unwrap(), Signal::TERM).unwrap();
    eventually("it ends", || !pidfile.exists());
    eventually("it says so", || {
        fs::read_to_string(&log).unwrap().contains("stopped")
    });
    assert!(all_up_to(&peer.values("counted")));
    // A file that is left of one that was killed is no reason to refuse.
    fs::write(&pidfile, format!("{pid}\n")).unwrap();
    text(&sandbox.collect(&options));
    let pid: i32 = fs::read_to_string(&pidfile)
        .unwrap()
        .trim()
        .parse()
        .unwrap();
    kill_process(Pid::from_raw(pid).unwrap(), Signal::INT).unwrap();
    eventually("it ends", || !pidfile.exists());
}

#[test]
fn a_wrong_configuration_is_told_to_who_starts_the_daemon() {
    let sandbox = Sandbox::new();
    sandbox.file(
        "collect.toml",
        "[server]\nhandlers = ['null']\n[collectors.cpu]\ninterval = -1\n",
    );
    let output = sandbox.collect(&["run"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains("collect.toml:4: -1 s is not between"),
        "{said}"
    );
    assert_eq!(Sandbox::new().collect(&["run"]).status.code(), Some(1));
    let output = sandbox.collect(&["run", "-u", "nobody-here"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn privileges_are_dropped() {
    if !rustix::process::geteuid().is_root() {
        println!("skipped: it takes root to become somebody else");
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.file("collect.toml", "[server]\nhandlers = ['null']\n");
    let running = Running::start(&sandbox, &["-u", "nobody"]);
    let status = fs::read_to_string(format!("/proc/{}/status", running.pid())).unwrap();
    let user = fs::metadata(sandbox.path("log")).unwrap().uid();
    assert_ne!(user, 0);
    assert!(
        status.contains(&format!("Uid:\t{user}\t{user}\t{user}\t{user}\n")),
        "{status}"
    );
    assert!(!status.contains("Gid:\t0"), "{status}");
    running.stop();
}

#[test]
fn a_reload_loses_nothing_that_is_queued() {
    let sandbox = Sandbox::new();
    let peer = Peer::new(Manner::Reads);
    peer.close();
    counting(&sandbox, free_port(), "");
    let running = Running::start(&sandbox, &[]);
    let runs = || {
        fs::read_to_string(sandbox.path("s/counts.n"))
            .unwrap()
            .trim()
            .parse()
            .unwrap_or(0)
    };
    eventually("some are queued", || runs() > 3);
    // Another port, and another collector.
    counting(
        &sandbox,
        peer.port,
        "[collectors.loadavg]\nenabled = true\ninterval = 0.1\n",
    );
    running.signal(Signal::HUP);
    eventually("it is read", || {
        running.log().contains("the configuration is read again")
    });
    let before = runs();
    eventually("more are queued", || runs() > before + 3);
    peer.open();
    eventually("the new one works", || {
        peer.lines().iter().any(|line| line.contains("loadavg.01"))
    });
    // One with mistakes changes nothing.
    counting(&sandbox, peer.port, "[collectors.loadavg]\nenabled = 7\n");
    running.signal(Signal::HUP);
    eventually("it is refused", || {
        running.log().contains("all goes on as it was")
    });
    assert!(
        running
            .log()
            .contains("collect.toml:12: invalid type: integer `7`, expected a boolean"),
        "{}",
        running.log()
    );
    // And without it.
    counting(&sandbox, peer.port, "");
    running.signal(Signal::HUP);
    eventually("it is read", || {
        running
            .log()
            .matches("the configuration is read again")
            .count()
            == 2
    });
    running.stop();
    let values = peer.values("counted");
    assert!(
        all_up_to(&values) && values.len() as u64 >= before,
        "{values:?}"
    );
    assert_eq!(values.len() as u64, runs());
}

#[test]
fn what_is_queued_is_sent_before_the_end() {
    let sandbox = Sandbox::new();
    let peer = Peer::new(Manner::Reads);
    peer.close();
    counting(&sandbox, peer.port, "");
    let running = Running::start(&sandbox, &[]);
    let runs = || {
        fs::read_to_string(sandbox.path("s/counts.n"))
            .unwrap()
            .trim()
            .parse()
            .unwrap_or(0)
    };
    eventually("some are queued", || runs() > 3);
    running.signal(Signal::TERM);
    eventually("it ends", || running.log().contains("stopping"));
    peer.open();
    running.child.borrow_mut().wait().unwrap();
    let values = peer.values("counted");
    assert!(
        all_up_to(&values) && values.len() as u64 == runs(),
        "{values:?}"
    );
}

#[test]
fn a_hangup_before_the_start_is_complete_does_not_kill() {
    let sandbox = Sandbox::new();
    sandbox.file(
        "collect.toml",
        "[server]\nhandlers = ['null']\n[configs]\npath = 'more'\n",
    );
    fs::create_dir(sandbox.path("more")).unwrap();
    // Reading it takes until somebody writes.
    let fifo = sandbox.path("more/slow.toml");
    rustix::fs::mkfifoat(
        rustix::fs::CWD,
        &fifo,
        rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
    )
    .unwrap();
    let running = Running::spawn(&sandbox, &[]);
    let status = format!("/proc/{}/status", running.pid());
    eventually("signals wait", || {
        let status = fs::read_to_string(&status).unwrap();
        let blocked = status
            .lines()
            .find_map(|line| line.strip_prefix("SigBlk:\t"))
            .unwrap();
        u64::from_str_radix(blocked, 16).unwrap() & 1 == 1
    });
    running.signal(Signal::HUP);
    let mut file = fs::OpenOptions::new().write(true).open(&fifo).unwrap();
    file.write_all(b"[collectors.cpu]\n").unwrap();
    drop(file);
    eventually("it has started", || {
        running.log().contains("started as process")
    });
    // The signal is heard now, and the file is read again.
    let mut file = fs::OpenOptions::new().write(true).open(&fifo).unwrap();
    file.write_all(b"[collectors.cpu]\n").unwrap();
    drop(file);
    eventually("it is read again", || {
        running.log().contains("the configuration is read again")
    });
    running.stop();
}

#[test]
fn a_log_that_was_moved_away_is_opened_again() {
    let sandbox = Sandbox::new();
    sandbox.file("collect.toml", "[server]\nhandlers = ['null']\n");
    let running = Running::start(&sandbox, &[]);
    fs::rename(sandbox.path("log"), sandbox.path("old")).unwrap();
    running.signal(Signal::HUP);
    eventually("the new one is there", || {
        running.log().contains("read again")
    });
    running.stop();
    assert!(running.log().contains("stopped"));
    assert!(
        !fs::read_to_string(sandbox.path("old"))
            .unwrap()
            .contains("read again")
    );
}

#[test]
fn a_handler_that_is_down_is_logged_once_in_the_interval() {
    let sandbox = Sandbox::new();
    let port = free_port();
    counting(
        &sandbox,
        port,
        "[collectors.collect]\nenabled = true\ninterval = 0.1\n",
    );
    let running = Running::start(&sandbox, &[]);
    let runs = || {
        fs::read_to_string(sandbox.path("s/counts.n"))
            .unwrap()
            .trim()
            .parse()
            .unwrap_or(0)
    };
    eventually("it has failed often", || runs() > 3);
    let log = running.log();
    let errors: Vec<_> = log
        .lines()
        .filter(|line| line.contains("ERROR graphite"))
        .collect();
    assert_eq!(errors.len(), 1, "{log}");
    assert!(
        errors[0].contains(&format!("localhost:{port}: Connection refused")),
        "{log}"
    );
}

#[test]
fn a_dry_run_prints_what_would_be_sent() {
    let sandbox = Sandbox::new();
    counting(&sandbox, free_port(), "");
    let mut command = Command::new(PROGRAM);
    command
        .arg("-c")
        .arg(sandbox.path("collect.toml"))
        .args(["run", "--dry-run"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let runs = || {
        fs::read_to_string(sandbox.path("s/counts.n"))
            .unwrap()
            .trim()
            .parse()
            .unwrap_or(0)
    };
    eventually("it works", || runs() > 2);
    thread::sleep(Duration::from_millis(10));
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut child.stdout.take().unwrap(), &mut text).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(text.lines().count(), runs(), "{text}");
    assert!(
        text.lines().all(|line| line.contains(".counted ")),
        "{text}"
    );
}

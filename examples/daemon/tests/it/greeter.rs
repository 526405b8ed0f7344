//! A daemon that binds its port before it gives up root, writes a log, and reports at its end.

use std::fs;
use std::io::Read;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixDatagram;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Output};

use rustix::process::Signal;

use crate::daemons::{self, Daemon, Sandbox};
use crate::users::is_root;

impl Sandbox {
    /// The greeter, at a free port, with a log `log`; what it takes is above.
    fn greeter(&self, arguments: &[&str]) -> (SocketAddr, Command) {
        let free = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let mut command = self.command_of(&daemons::example("greeter"), arguments);
        command.arg("--bind").arg(free.to_string());
        command.arg("--log-file").arg(self.path("log"));
        (free, command)
    }

    /// Starts it with a pid file `pid`.
    fn start_greeter(&self, arguments: &[&str]) -> (SocketAddr, Daemon<'_>) {
        let (address, mut command) = self.greeter(arguments);
        let output = command
            .arg("--pid-file")
            .arg(self.path("pid"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        (address, self.daemon_of("pid"))
    }
}

fn greeting(from: SocketAddr) -> String {
    let mut text = String::new();
    TcpStream::connect(from)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

fn error_of(output: &Output) -> (Option<i32>, &str) {
    (
        output.status.code(),
        str::from_utf8(&output.stderr).unwrap(),
    )
}

// T3, T4: the start and its report.

#[test]
fn the_original_process_ends_when_the_port_is_bound() {
    let sandbox = Sandbox::new();
    let (address, daemon) = sandbox.start_greeter(&[]);
    assert_eq!(greeting(address), format!("hello from {}\n", daemon.pid));
}

#[test]
fn a_port_in_use_is_told_on_the_terminal_and_leaves_nothing() {
    let sandbox = Sandbox::new();
    let taken = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let taken = TcpListener::bind(taken).unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for place in [&["--no-daemon"][..], &[]] {
        let mut command = sandbox.command_of(&daemons::example("greeter"), place);
        command
            .args(["--bind", &address])
            .arg("--pid-file")
            .arg(sandbox.path("pid"));
        let output = command.output().unwrap();
        let text = format!("error: bind {address}: Address already in use\n");
        assert_eq!(error_of(&output), (Some(1), &*text));
        assert!(!sandbox.path("pid").exists());
    }
}

#[test]
fn a_log_that_can_not_be_opened_is_told_before_anything_is_started() {
    let sandbox = Sandbox::new();
    let path = sandbox.path("none/log");
    let mut command = sandbox.command_of(&daemons::example("greeter"), &["--bind", "127.0.0.1:0"]);
    let output = command.arg("--log-file").arg(&path).output().unwrap();
    let text = format!("error: log {}: No such file or directory\n", path.display());
    assert_eq!(error_of(&output), (Some(1), &*text));
}

#[test]
fn an_unknown_user_is_refused_by_the_command_line() {
    let sandbox = Sandbox::new();
    let (_, mut command) = sandbox.greeter(&["--user", "nosuch"]);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(error_of(&output).1.contains("there is no user \"nosuch\""));
}

// T6, T7, E50: privileges.

#[test]
fn what_was_dropped_can_not_be_had_again() {
    if !is_root() {
        return eprintln!("skipped: not root");
    }
    let sandbox = Sandbox::new();
    // The daemon's user can't write there, and need not: root has made the log for it.
    let (address, daemon) = sandbox.start_greeter(&["--user", "nobody"]);
    let nobody = "65534 65534 65534 65534";
    assert_eq!(daemon.status("Uid"), nobody);
    // A user without a group has its primary one.
    assert_eq!(daemon.status("Gid"), nobody);
    assert_eq!(daemon.status("Groups"), "65534");
    assert_eq!(daemon.status("NoNewPrivs"), "1");
    assert_eq!(daemon.status("CapEff"), "0000000000000000");
    assert_eq!(daemon.status("CapPrm"), "0000000000000000");
    greeting(address);
    daemons::until(|| sandbox.read("log").contains("greeted"));
    let log = fs::metadata(sandbox.path("log")).unwrap();
    assert_eq!(std::os::unix::fs::MetadataExt::uid(&log), 65534);
}

#[test]
fn group_0_is_never_kept() {
    if !is_root() {
        return eprintln!("skipped: not root");
    }
    let sandbox = Sandbox::new();
    let error = "error: owner: user 54321 would keep group 0: give it another group\n";
    for group in [&[][..], &["--group", "root"]] {
        let (_, mut command) = sandbox.greeter(&[&["--user", "54321"], group].concat());
        let output = command.output().unwrap();
        assert_eq!(error_of(&output), (Some(1), error));
    }
    let (_, daemon) = sandbox.start_greeter(&["--user", "54321", "--group", "54321"]);
    assert_eq!(daemon.status("Groups"), "54321");
}

#[test]
fn rights_are_dropped_within_another_root_too() {
    if !is_root() {
        return eprintln!("skipped: not root");
    }
    let sandbox = Sandbox::new();
    let root = sandbox.path("").canonicalize().unwrap();
    let (address, mut command) = sandbox.greeter(&["--user", "nobody"]);
    // The pid file is looked up within the root.
    command
        .arg("--chroot")
        .arg(&root)
        .args(["--pid-file", "/pid"]);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let daemon = sandbox.daemon_of("pid");
    assert_eq!(daemon.link("root"), root.to_str().unwrap());
    assert_eq!(daemon.link("cwd"), root.to_str().unwrap());
    assert_eq!(daemon.status("Uid"), "65534 65534 65534 65534");
    assert_eq!(greeting(address), format!("hello from {}\n", daemon.pid));
}

// T8: leaving the pid file.

#[test]
fn a_pid_file_that_can_not_be_removed_is_no_failure() {
    if !is_root() {
        return eprintln!("skipped: not root");
    }
    let sandbox = Sandbox::new();
    let (_, daemon) = sandbox.start_greeter(&["--user", "nobody"]);
    daemon.kill(Signal::TERM);
    daemon.wait();
    // What is left is locked by nobody, so the next start takes it over.
    assert!(sandbox.path("pid").exists());
    let (_, again) = sandbox.start_greeter(&["--user", "nobody"]);
    assert_ne!(again.pid, daemon.pid);
}

// T9: logs.

#[test]
fn a_log_that_was_moved_is_left_at_the_next_line() {
    let sandbox = Sandbox::new();
    let (address, _daemon) = sandbox.start_greeter(&[]);
    greeting(address);
    daemons::until(|| sandbox.read("log").contains("printed"));
    fs::rename(sandbox.path("log"), sandbox.path("old")).unwrap();
    greeting(address);
    // What is printed comes along.
    daemons::until(|| sandbox.read("log").contains("printed"));
    assert_eq!(sandbox.read("old").lines().count(), 2);
    assert_eq!(sandbox.read("log").lines().count(), 2);
}

#[test]
fn sigusr1_opens_a_log_again_at_once() {
    let sandbox = Sandbox::new();
    let (_, daemon) = sandbox.start_greeter(&[]);
    fs::rename(sandbox.path("log"), sandbox.path("old")).unwrap();
    daemon.kill(Signal::USR1);
    daemons::until(|| sandbox.path("log").exists());
    let log = sandbox.path("log");
    daemons::until(|| {
        ["fd/1", "fd/2"]
            .iter()
            .all(|stream| daemon.link(stream) == log.to_str().unwrap())
    });
    assert!(daemon.is_alive());
}

#[test]
fn syslog_has_a_line_for_each_guest() {
    let sandbox = Sandbox::new();
    let socket = sandbox.path("socket");
    let syslogd = UnixDatagram::bind(&socket).unwrap();
    let (address, daemon) = sandbox.start_greeter(&["--syslog", socket.to_str().unwrap()]);
    greeting(address);
    let mut message = [0; 200];
    let length = syslogd.recv(&mut message).unwrap();
    let message = str::from_utf8(&message[..length]).unwrap();
    assert!(
        message.starts_with(&format!("<30>greeter[{}]: greeted 127.0.0.1:", daemon.pid)),
        "{message}"
    );
}

// T11, and the foreground.

#[test]
fn in_the_foreground_it_keeps_what_it_has_and_ends_by_the_signal() {
    let sandbox = Sandbox::new();
    for signal in [Signal::TERM, Signal::INT] {
        let (address, greeter) = sandbox.greeter(&["--no-daemon"]);
        // It keeps an ignored signal ignored, and a shell ignores SIGINT in what runs in the background.
        let mut command = Command::new("env");
        command
            .arg("--default-signal=INT")
            .arg(greeter.get_program())
            .args(greeter.get_args())
            .envs(
                greeter
                    .get_envs()
                    .filter_map(|(name, value)| Some((name, value?))),
            )
            .arg("--pid-file")
            .arg(sandbox.path("pid"))
            .current_dir(sandbox.path(""));
        let mut child = command.spawn().unwrap();
        daemons::until(|| TcpStream::connect(address).is_ok());
        let daemon = sandbox.daemon_of("pid");
        assert_eq!(daemon.pid, child.id());
        let here = sandbox.path("").canonicalize().unwrap();
        assert_eq!(daemon.link("cwd"), here.to_str().unwrap());
        // It does not ignore what a terminal sends.
        assert_eq!(daemon.signals("SigIgn") & 1 << (libc::SIGTSTP - 1), 0);
        daemon.kill(signal);
        assert_eq!(child.wait().unwrap().signal(), Some(signal.as_raw()));
        assert!(!sandbox.path("pid").exists());
    }
}

//! Daemons: how they start, what they leave, what they say.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::process::Signal;
use tempfile::TempDir;

use crate::client::get;
use crate::server::{children, example, is_alive, kill, run, said, serve, status_of, until};

/// A daemon in a directory of its own, which it does not outlive.
struct Daemon {
    directory: TempDir,
    pid_file: PathBuf,
}

impl Daemon {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let pid_file = directory.path().join("serve.pid");
        Self {
            directory,
            pid_file,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn command(&self, words: &str) -> Command {
        let mut command = serve(&format!("--bind 127.0.0.1:0 --workers 1 {words}"));
        command.current_dir(self.directory.path());
        command
    }

    /// Starts it: the exit code, and what was said.
    fn start(&self, words: &str) -> (Option<i32>, String, String) {
        said(self.command(words).output().unwrap())
    }

    #[track_caller]
    fn started(self, words: &str) -> Self {
        assert_eq!(self.start(words), (Some(0), String::new(), String::new()));
        self
    }

    fn pid(&self) -> u32 {
        fs::read_to_string(&self.pid_file)
            .unwrap()
            .trim()
            .parse()
            .unwrap()
    }

    fn log(&self) -> String {
        fs::read_to_string(self.path("serve.log")).unwrap()
    }

    fn address(&self) -> SocketAddr {
        let log = self.log();
        let line = log
            .lines()
            .find(|line| line.contains("ready,"))
            .unwrap()
            .to_owned();
        line.rsplit(' ').next().unwrap().parse().unwrap()
    }

    fn stop(&self) {
        if let Ok(Ok(pid)) = fs::read_to_string(&self.pid_file).map(|pid| pid.trim().parse()) {
            kill(pid, Signal::TERM);
            until("the daemon ends", || !is_alive(pid));
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.stop();
    }
}

#[test]
fn t3_s11_the_start_returns_when_the_daemon_is_ready_and_the_pid_file_goes_with_it() {
    let daemon = Daemon::new().started("echo");
    let pid = daemon.pid();
    assert_eq!(get(daemon.address(), "/").unwrap().status, 200);
    assert_eq!(children(pid).len(), 1);
    daemon.stop();
    assert!(!daemon.pid_file.exists());
    assert!(daemon.log().contains("stopped"));
}

/// Read from `/proc`, because `getsid` answers 0 in a container whose session began outside.
fn session_and_terminal(pid: u32) -> [String; 2] {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let after_name = stat.rsplit(')').next().unwrap();
    let mut fields = after_name.split_whitespace().skip(3).map(String::from);
    [fields.next().unwrap(), fields.next().unwrap()]
}

#[test]
fn s6_s8_t6_a_daemon_has_no_terminal_a_session_of_its_own_and_no_streams() {
    let daemon = Daemon::new().started("echo");
    let [ours, _] = session_and_terminal(std::process::id());
    for pid in children(daemon.pid()).into_iter().chain([daemon.pid()]) {
        let [session, terminal] = session_and_terminal(pid);
        assert_eq!(terminal, "0");
        assert_ne!(session, ours);
        let stream = |number| fs::read_link(format!("/proc/{pid}/fd/{number}")).unwrap();
        assert_eq!(stream(0), Path::new("/dev/null"));
        assert_eq!(
            [stream(1), stream(2)],
            [daemon.path("serve.log"), daemon.path("serve.log")]
        );
    }
}

#[test]
fn s8_what_an_application_prints_in_a_daemon_goes_to_the_log() {
    let daemon = Daemon::new();
    let mut command = Command::new(example("trials"));
    command
        .args(["--bind", "127.0.0.1:0", "--workers", "1", "act"])
        .current_dir(&daemon.directory);
    assert!(command.status().unwrap().success());
    assert_eq!(get(daemon.address(), "/panic").unwrap().status, 500);
    until("it is in the log", || daemon.log().contains("panicked at"));
}

#[test]
fn t4_what_keeps_a_daemon_from_starting_is_told_where_it_was_started() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap();
    let daemon = Daemon::new();
    let words = format!("--bind {address} --bind-timeout 0 --workers 1 echo");
    let (code, _, errors) = said(
        serve(&words)
            .current_dir(&daemon.directory)
            .output()
            .unwrap(),
    );
    let text = format!("error: {address}: the address is in use, also after 0 s\n");
    assert_eq!((code, errors), (Some(1), text));
    let (code, _, errors) = daemon.start("web /no/such");
    assert_eq!(
        (code, &*errors),
        (Some(1), "error: /no/such: No such file or directory\n")
    );
    // Nothing is left behind.
    assert!(!daemon.pid_file.exists());
}

#[test]
fn t4_a_worker_of_a_daemon_that_does_not_start_is_told_too() {
    let daemon = Daemon::new();
    let mut command = Command::new(example("trials"));
    command.args([
        "--bind",
        "127.0.0.1:0",
        "--workers",
        "2",
        "services",
        "--fail",
        "diary",
    ]);
    let (code, _, errors) = said(command.current_dir(&daemon.directory).output().unwrap());
    assert_eq!(code, Some(1));
    assert!(
        errors.starts_with("error: worker ") && errors.contains("second does not start"),
        "{errors}"
    );
    assert!(!daemon.pid_file.exists());
}

#[test]
fn t2_the_pid_file_of_a_running_one_is_respected() {
    let daemon = Daemon::new().started("echo");
    let pid = daemon.pid();
    let (code, _, errors) = daemon.start("echo");
    let file = daemon.pid_file.display();
    assert_eq!(code, Some(1));
    assert_eq!(
        errors,
        format!("error: {file}: another one is running, process {pid}\n")
    );
    assert_eq!(daemon.pid(), pid);
    // In the foreground too, if it is to have one.
    let (code, _, _) = daemon.start("-n --pid-file serve.pid echo");
    assert_eq!(code, Some(1));
}

#[test]
fn t2_what_is_left_in_a_pid_file_is_not_believed() {
    for left in ["", "no number\n", "1\n", "999999\n"] {
        let daemon = Daemon::new();
        fs::write(&daemon.pid_file, left).unwrap();
        let daemon = daemon.started("echo");
        assert!(is_alive(daemon.pid()));
    }
}

#[test]
fn t2_a_pid_file_that_can_not_be_used_is_told() {
    let daemon = Daemon::new();
    fs::create_dir(daemon.path("directory")).unwrap();
    symlink("elsewhere", daemon.path("link")).unwrap();
    for (file, why) in [
        ("directory", "Is a directory"),
        ("link", "Too many levels of symbolic links"),
        ("no/such", "No such file or directory"),
    ] {
        let (code, _, errors) = daemon.start(&format!("--pid-file {file} echo"));
        let path = daemon.path(file);
        assert_eq!(
            (code, errors),
            (Some(1), format!("error: {}: {why}\n", path.display()))
        );
    }
    assert!(!daemon.path("elsewhere").exists());
}

#[test]
fn t2_of_many_starts_at_once_one_wins() {
    let daemon = Daemon::new();
    let starts: Vec<_> = (0..8)
        .map(|_| daemon.command("echo").spawn().unwrap())
        .collect();
    let won = starts
        .into_iter()
        .map(|mut start| start.wait().unwrap().success());
    assert_eq!(won.filter(|won| *won).count(), 1);
}

#[test]
fn t8_a_pid_file_that_is_gone_or_another_s_is_no_reason_to_fail() {
    let daemon = Daemon::new().started("echo");
    let pid = daemon.pid();
    fs::remove_file(&daemon.pid_file).unwrap();
    kill(pid, Signal::TERM);
    until("it ends", || !is_alive(pid));
    let daemon = daemon.started("echo");
    let pid = daemon.pid();
    fs::remove_file(&daemon.pid_file).unwrap();
    fs::write(&daemon.pid_file, "mine\n").unwrap();
    kill(pid, Signal::TERM);
    until("it ends", || !is_alive(pid));
    assert_eq!(fs::read_to_string(&daemon.pid_file).unwrap(), "mine\n");
}

#[test]
fn s15_t2_the_pid_file_stays_locked_over_an_execution() {
    let daemon = Daemon::new().started("echo");
    let pid = daemon.pid();
    kill(pid, Signal::USR1);
    until("it is executed", || {
        daemon.log().contains("ready, generation 2,")
    });
    assert_eq!(daemon.pid(), pid);
    assert_eq!(daemon.start("echo").0, Some(1));
    daemon.stop();
    assert!(!daemon.pid_file.exists());
}

#[test]
fn t1_options_have_the_names_of_twistd_too() {
    let words =
        "--test-config --nodaemon --logfile l --pidfile p --rundir d --umask 22 -u 0 -g 0 echo";
    assert_eq!(run(words).0, Some(0));
    let short = "--test-config -n -l l -d d -u root -g root -r poll -c /dev/null echo";
    assert_eq!(run(short).0, Some(0), "{:?}", run(short));
}

#[test]
fn t1_wrong_usage_names_the_command() {
    let (code, _, errors) = run("-n web a b");
    assert_eq!(code, Some(2));
    assert!(errors.contains("serve web"), "{errors}");
    let (code, _, errors) = run("-n wep .");
    assert_eq!(code, Some(2));
    assert!(
        errors.contains("'web'") || errors.contains("`web`"),
        "{errors}"
    );
}

#[test]
fn t1_t6_files_of_a_daemon_are_for_its_user_unless_told() {
    let mode = |words: &str| {
        let daemon = Daemon::new().started(words);
        let umask = status_of(daemon.pid(), "Umask");
        (
            umask,
            fs::metadata(daemon.path("serve.log"))
                .unwrap()
                .permissions()
                .mode()
                & 0o777,
        )
    };
    assert_eq!(mode("echo"), ("0077".to_owned(), 0o600));
    assert_eq!(mode("--umask 027 echo"), ("0027".to_owned(), 0o640));
}

#[test]
fn t6_a_process_in_the_foreground_keeps_its_umask() {
    let server = crate::server::Server::start("--workers 1 echo");
    let own = status_of(std::process::id(), "Umask");
    assert_eq!(status_of(server.id(), "Umask"), own);
}

#[test]
fn t6_names_are_relative_to_the_directory_that_it_runs_in() {
    let daemon = Daemon::new();
    fs::create_dir(daemon.path("run")).unwrap();
    fs::write(daemon.path("run/x.txt"), "x").unwrap();
    // The pid file is where its user is, as in twistd; all else is where the daemon is.
    let daemon = daemon.started("-d run -l own.log web .");
    assert!(daemon.path("run/own.log").exists() && daemon.pid_file.exists());
    let working = fs::read_link(format!("/proc/{}/cwd", daemon.pid())).unwrap();
    assert_eq!(working, daemon.path("run").canonicalize().unwrap());
    let log = fs::read_to_string(daemon.path("run/own.log")).unwrap();
    let address = log.trim().rsplit(' ').next().unwrap().parse().unwrap();
    assert_eq!(get(address, "/x.txt").unwrap().text(), "x");
}

#[test]
fn t9_a_daemon_has_no_standard_output_to_log_to() {
    let daemon = Daemon::new();
    let (code, _, errors) = daemon.start("-l - echo");
    assert_eq!(
        (code, &*errors),
        (Some(1), "error: a daemon can't log to standard output\n")
    );
    assert_eq!(fs::read_dir(&daemon.directory).unwrap().count(), 0);
}

#[test]
fn t9_in_the_foreground_the_log_is_standard_error_or_output_or_a_file() {
    let ended = |words: &str| {
        let daemon = Daemon::new();
        let mut command = daemon.command(words);
        let mut command = command.stdout(std::process::Stdio::piped());
        command = command.stderr(std::process::Stdio::piped());
        let child = command.spawn().unwrap();
        until("it is ready", || !children(child.id()).is_empty());
        std::thread::sleep(std::time::Duration::from_millis(300));
        kill(child.id(), Signal::TERM);
        let output = child.wait_with_output().unwrap();
        let file = fs::read_to_string(daemon.path("own.log")).unwrap_or_default();
        [output.stdout, output.stderr, file.into_bytes()].map(|log| !log.is_empty())
    };
    assert_eq!(ended("-n echo"), [false, true, false]);
    assert_eq!(ended("-n -l - echo"), [true, false, false]);
    assert_eq!(ended("-n -l own.log echo"), [false, false, true]);
}

#[test]
fn t9_a_log_that_was_moved_is_left_and_usr2_opens_it_again() {
    let daemon = Daemon::new().started("echo");
    let old = daemon.path("old.log");
    fs::rename(daemon.path("serve.log"), &old).unwrap();
    kill(daemon.pid(), Signal::USR2);
    until("there is a new one", || daemon.path("serve.log").exists());
    kill(daemon.pid(), Signal::HUP);
    until("it is written to", || {
        daemon.log().contains("ready, generation 2,")
    });
    assert!(!fs::read_to_string(&old).unwrap().contains("generation 2"));
    // The workers' streams have moved along too.
    let worker = children(daemon.pid())[0];
    until("they have", || {
        fs::read_link(format!("/proc/{worker}/fd/2")).unwrap() == daemon.path("serve.log")
    });
}

#[test]
fn t9_without_a_syslog_that_is_told() {
    if Path::new("/dev/log").exists() {
        return;
    }
    let (code, _, errors) = Daemon::new().start("--syslog echo");
    assert_eq!(
        (code, &*errors),
        (Some(1), "error: /dev/log: No such file or directory\n")
    );
}

#[test]
fn e51_a_log_that_is_a_link_is_not_followed() {
    let daemon = Daemon::new();
    symlink("elsewhere", daemon.path("serve.log")).unwrap();
    let (code, _, errors) = daemon.start("echo");
    assert_eq!(code, Some(1));
    assert!(errors.starts_with("error: serve.log: "), "{errors}");
    assert!(!daemon.path("elsewhere").exists());
}

#[test]
fn nothing_is_opened_and_no_thread_runs_before_the_daemon_forks() {
    let Ok(output) = Command::new("strace").arg("-V").output() else {
        return eprintln!("not tried, as there is no strace");
    };
    assert!(output.status.success());
    let daemon = Daemon::new();
    let trace = daemon.path("trace");
    let mut command = Command::new("strace");
    command.args([
        "-f",
        "-e",
        "trace=clone,clone3,fork,vfork,socket,epoll_create1,io_uring_setup,bind,eventfd2",
    ]);
    command
        .arg("-o")
        .arg(&trace)
        .arg(env!("CARGO_BIN_EXE_serve"));
    command.args([
        "--bind",
        "127.0.0.1:0",
        "--workers",
        "1",
        "-r",
        "smol",
        "web",
        ".",
    ]);
    // It stays as long as what it traces.
    let mut strace = command.current_dir(&daemon.directory).spawn().unwrap();
    let log = || fs::read_to_string(daemon.path("serve.log")).unwrap_or_default();
    until("the daemon is ready", || log().contains("ready,"));
    daemon.stop();
    strace.wait().unwrap();
    let trace = fs::read_to_string(&trace).unwrap();
    let calls: Vec<_> = trace
        .lines()
        .filter(|line| !line.contains("resumed") && !line.contains("AF_UNIX") && line.contains('('))
        .collect();
    let forks = |line: &&&str| line.contains("clone") || line.contains("fork");
    // Looking up users asks nscd, if there is one, and keeps nothing.
    // Two forks make the daemon; only then comes the first socket.
    assert_eq!(calls.iter().take_while(forks).count(), 2, "{calls:#?}");
    assert!(
        calls.iter().any(|line| line.contains("CLONE_THREAD")),
        "{calls:#?}"
    );
}

//! Daemons to test with, none of which outlives its test.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// What a test's processes have in their environment, and by which they are found.
const MARK: &str = "TEST_DAEMON";

/// The program of an example, built if it is not: `cargo test --test` builds none.
pub(crate) fn example(name: &str) -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let directory = BUILT.get_or_init(|| {
        let own = std::env::current_exe().unwrap();
        let profile = own.ancestors().nth(2).unwrap();
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--package", "daemon", "--examples"]);
        cargo.arg("--target-dir").arg(profile.parent().unwrap());
        if profile.ends_with("release") {
            cargo.arg("--release");
        }
        assert!(cargo.status().unwrap().success());
        profile.join("examples")
    });
    directory.join(name)
}

/// Waits until something is so, but not for ever.
pub(crate) fn until(mut so: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(20);
    while !so() {
        assert!(Instant::now() < end, "it never came to be so");
        thread::sleep(Duration::from_millis(5));
    }
}

/// A directory with the files of one test, and the processes that belong to it.
pub(crate) struct Sandbox {
    directory: TempDir,
    mark: String,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        Self {
            directory: TempDir::new().unwrap(),
            mark: format!("{MARK}={}-{count}", std::process::id()),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn file(&self, name: &str, content: &str) -> String {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// Lets other users write to the directory.
    pub(crate) fn open_to_all(&self) {
        let all = std::os::unix::fs::PermissionsExt::from_mode(0o777);
        fs::set_permissions(self.directory.path(), all).unwrap();
    }

    pub(crate) fn command_of(&self, program: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        let (name, value) = self.mark.split_once('=').unwrap();
        command.args(arguments).env(name, value);
        command.stdin(Stdio::null()).stderr(Stdio::piped());
        command
    }

    /// The example, with nothing but these arguments.
    pub(crate) fn bare(&self, arguments: &[&str]) -> Command {
        let mut command = self.command_of(&example("daemon"), arguments);
        // Whoever runs the tests may be process 1.
        if !arguments.contains(&"--detach") {
            command.args(["--detach", "always"]);
        }
        command
    }

    /// The example, with a pid file `pid` and a log `log`.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.bare(arguments);
        command.arg("--pidfile").arg(self.path("pid"));
        command.arg("--stdout").arg(self.path("log"));
        command
    }

    /// The same, started by another program.
    pub(crate) fn through(&self, starter: &[&str]) -> Command {
        self.through_with(starter, &[])
    }

    pub(crate) fn through_with(&self, starter: &[&str], arguments: &[&str]) -> Command {
        let inner = self.command(arguments);
        let mut command = self.command_of(Path::new(starter[0]), &starter[1..]);
        command.arg(inner.get_program()).args(inner.get_args());
        command
    }

    pub(crate) fn can_run(&self, command: &[&str]) -> bool {
        let output = self
            .command_of(Path::new(command[0]), &command[1..])
            .output();
        output.is_ok_and(|output| output.status.success())
    }

    /// Starts a daemon, which works when this returns.
    pub(crate) fn start(&self, arguments: &[&str]) -> Daemon<'_> {
        let output = self.command(arguments).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let pid = self.read("pid").trim().parse().unwrap();
        Daemon { sandbox: self, pid }
    }

    /// The daemon in the pid file, as soon as it is there and works.
    pub(crate) fn daemon(&self) -> Daemon<'_> {
        // It writes its id to the log after the last step.
        until(|| self.read("log").lines().last() == Some(self.read("pid").trim()));
        self.daemon_of("pid")
    }

    pub(crate) fn daemon_of(&self, pidfile: &str) -> Daemon<'_> {
        let pid = self.read(pidfile).trim().parse().unwrap();
        Daemon { sandbox: self, pid }
    }

    /// What the other example says of the daemons that it starts.
    pub(crate) fn daemons(&self, arguments: &[&str]) -> Vec<String> {
        let mut command = self.command_of(&example("daemons"), arguments);
        let output = command.stderr(Stdio::null()).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    fn processes(&self) -> Vec<Pid> {
        let all = fs::read_dir("/proc").into_iter().flatten().flatten();
        let numbers = all.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        let ours = numbers.filter(|pid: &i32| {
            let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
            environment
                .split(|byte| *byte == 0)
                .any(|one| one == self.mark.as_bytes())
        });
        ours.filter_map(Pid::from_raw).collect()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // A process may fork while we look.
        for _ in 0..100 {
            let left = self.processes();
            if left.is_empty() {
                return;
            }
            for process in left {
                let _ = kill_process(process, Signal::KILL);
            }
            thread::sleep(Duration::from_millis(5));
        }
        eprintln!("processes are left: {:?}", self.processes());
    }
}

/// A daemon, seen through `/proc`.
pub(crate) struct Daemon<'a> {
    #[allow(dead_code, reason = "it kills the daemon when it is dropped")]
    sandbox: &'a Sandbox,
    pub(crate) pid: u32,
}

impl Daemon<'_> {
    fn at(&self, name: impl AsRef<OsStr>) -> PathBuf {
        Path::new("/proc")
            .join(self.pid.to_string())
            .join(name.as_ref())
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.at(name)).unwrap()
    }

    pub(crate) fn link(&self, name: &str) -> String {
        let target = fs::read_link(self.at(name)).unwrap();
        target.to_str().unwrap().to_owned()
    }

    /// A line of `status`, its parts one blank apart.
    pub(crate) fn status(&self, name: &str) -> String {
        let text = self.read("status");
        let lines = text.lines().filter_map(|line| line.split_once(':'));
        let value = lines.into_iter().find(|(key, _)| *key == name).unwrap().1;
        value.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub(crate) fn signals(&self, name: &str) -> u64 {
        u64::from_str_radix(&self.status(name), 16).unwrap()
    }

    pub(crate) fn descriptors(&self) -> Vec<String> {
        let all = fs::read_dir(self.at("fd")).unwrap().flatten();
        let targets = all.filter_map(|entry| fs::read_link(entry.path()).ok());
        targets
            .map(|path| path.to_str().unwrap().to_owned())
            .collect()
    }

    pub(crate) fn session_and_terminal(&self) -> (u32, u32) {
        session_and_terminal(&self.read("stat"))
    }

    pub(crate) fn kill(&self, signal: Signal) {
        let pid = Pid::from_raw(self.pid.cast_signed()).unwrap();
        kill_process(pid, signal).unwrap();
    }

    /// Whether it lives, and does not just wait to be reaped.
    pub(crate) fn is_alive(&self) -> bool {
        let status = fs::read_to_string(self.at("status")).unwrap_or_default();
        !status.is_empty() && !status.contains("State:\tZ")
    }

    pub(crate) fn wait(&self) {
        until(|| !self.is_alive());
    }
}

/// Of the line that `/proc/PID/stat` is. The session is 0 where its leader is out of sight, as it
/// is in a container that was entered without `setsid`.
pub(crate) fn session_and_terminal(stat: &str) -> (u32, u32) {
    let after_name = stat.rsplit_once(')').unwrap().1;
    let fields: Vec<_> = after_name.split_whitespace().collect();
    (fields[3].parse().unwrap(), fields[4].parse().unwrap())
}

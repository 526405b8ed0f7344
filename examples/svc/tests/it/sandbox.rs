//! A directory with a registry of its own, in which nothing is left running.

use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How long anything may take here before the test fails.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// The options of a service that needs no logger.
pub(crate) const NO_LOG: [&str; 2] = ["-o", "/dev/null"];

/// A registry of its own.
pub(crate) struct Sandbox {
    directory: TempDir,
    /// Who has mounts of its own, in which all commands run.
    world: Option<Child>,
}

/// What a command printed, and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Sandbox {
    /// Without a registry.
    pub(crate) fn bare() -> Self {
        // One below the other: who has user numbers of his own does not know whose /tmp is.
        let temporary = fs::canonicalize(std::env::temp_dir()).unwrap();
        let directory = TempDir::with_prefix_in("svc-test-", temporary).unwrap();
        fs::set_permissions(&directory, fs::Permissions::from_mode(0o755)).unwrap();
        fs::create_dir(directory.path().join("home")).unwrap();
        let world = None;
        Self { directory, world }
    }

    /// With an empty one.
    pub(crate) fn new() -> Self {
        let sandbox = Self::bare();
        sandbox.ok(&["initialize"]);
        sandbox
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join("home").join(name)
    }

    /// From now on the sandbox has mounts of its own, made by this shell command; whether the
    /// system allows that. Without, a test has nothing to say.
    #[must_use]
    pub(crate) fn mounts(&mut self, command: &str) -> bool {
        let mut world = Command::new("unshare")
            .args(["-Urm", "sh", "-c"])
            .arg(format!("{command} && echo made && exec sleep 1000"))
            .current_dir(self.path(""))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let made = world.stdout.take().unwrap().read_exact(&mut [0; 5]).is_ok();
        self.world = Some(world);
        if !made {
            eprintln!("skipped: no mounts of our own here");
        }
        made
    }

    /// The program, to be run in the sandbox; what it says is kept.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        self.command_of(env!("CARGO_BIN_EXE_svc"), args)
    }

    /// Another program, to be run in the sandbox.
    pub(crate) fn program(&self, program: &str) -> Command {
        self.command_of(program, &[])
    }

    /// Runs a line of shell in the sandbox, where `$SVC` is the program.
    pub(crate) fn sh(&self, line: &str) -> Ran {
        let mut shell = self.command_of("sh", &["-c", line]);
        Ran::of(&shell.output().unwrap())
    }

    fn command_of(&self, program: &str, args: &[&str]) -> Command {
        let mut command = match &self.world {
            None => Command::new(program),
            Some(world) => {
                let mut command = Command::new("nsenter");
                let pid = world.id().to_string();
                command.args(["--preserve-credentials", "-U", "-m", "-t", &pid]);
                // The directory that we are in is below what is mounted there.
                command.args(["sh", "-c", r#"cd "$0" && exec "$@""#]);
                command.arg(self.path("")).arg(program);
                command
            }
        };
        command
            .args(args)
            .current_dir(self.path(""))
            .env("SVC", env!("CARGO_BIN_EXE_svc"))
            .env("SVC_DB", self.path("registry.db"))
            .env_remove("SVC_KILL_AT")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        Ran::of(&self.command(args).output().unwrap())
    }

    /// Runs what must succeed; gives what it printed.
    #[track_caller]
    pub(crate) fn ok(&self, args: &[&str]) -> String {
        let ran = self.run(args);
        assert_eq!(ran.code, 0, "{args:?}: {ran:?}");
        ran.out
    }

    /// Runs what must fail, with this exit code and one line of error; gives that line.
    #[track_caller]
    pub(crate) fn fails(&self, code: i32, args: &[&str]) -> String {
        let ran = self.run(args);
        assert_eq!(ran.code, code, "{args:?}: {ran:?}");
        assert_eq!(ran.err.lines().count(), 1, "{args:?}: {ran:?}");
        ran.err.trim_end().to_owned()
    }

    /// Runs a command line that is wrong; gives the first line of what is said of it.
    #[track_caller]
    pub(crate) fn usage(&self, args: &[&str]) -> String {
        let ran = self.run(args);
        assert_eq!((ran.code, &*ran.out), (2, ""), "{args:?}: {ran:?}");
        ran.err.lines().next().unwrap().to_owned()
    }

    /// Adds a service with these arguments that can't be started; gives the one line of error.
    #[track_caller]
    pub(crate) fn fails_to_start(&self, code: i32, args: &[&str]) -> String {
        self.ok(&[&["add", "x"], args].concat());
        let error = self.fails(code, &["start", "x"]);
        eventually("nothing of it is left", || self.processes().is_empty());
        assert_eq!(self.state("x"), "failed");
        error
    }

    /// What is in a file.
    #[track_caller]
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Waits until a file says this.
    #[track_caller]
    pub(crate) fn until_written(&self, name: &str, text: &str) {
        let read = || fs::read_to_string(self.path(name)).unwrap_or_default();
        eventually(&format!("{name} says {text:?}"), || read() == text);
    }

    /// A service as `status --json` has it.
    #[track_caller]
    pub(crate) fn status(&self, name: &str) -> serde_json::Value {
        let ran = self.run(&["status", name, "--json"]);
        serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
    }

    #[track_caller]
    pub(crate) fn state(&self, name: &str) -> String {
        self.status(name)["state"].as_str().unwrap().to_owned()
    }

    /// The number of the process that is the service.
    #[track_caller]
    pub(crate) fn pid(&self, name: &str) -> i32 {
        let status = self.status(name);
        let pid = status["pid"]
            .as_i64()
            .unwrap_or_else(|| panic!("no pid: {status}"));
        i32::try_from(pid).unwrap()
    }

    /// The number of the process that looks after it.
    #[track_caller]
    pub(crate) fn shim(&self, name: &str) -> i32 {
        let state = fs::read(self.path(&format!("registry.d/states/{name}.json"))).unwrap();
        let state: serde_json::Value = serde_json::from_slice(&state).unwrap();
        i32::try_from(state["shim"]["pid"].as_i64().unwrap()).unwrap()
    }

    /// Kills the shim of a service. Without a logger ([`NO_LOG`]) the service has none, until a
    /// command sees that.
    #[track_caller]
    pub(crate) fn orphan(&self, name: &str) {
        let shim = self.shim(name);
        kill(shim, 9);
        eventually("the shim is dead", || !lives(shim));
    }

    /// Kills the shim of a service, and waits until the logger has started another one.
    #[track_caller]
    pub(crate) fn replace_shim(&self, name: &str) {
        let shim = self.shim(name);
        kill(shim, 9);
        eventually("there is another shim", || {
            let other = self.shim(name);
            other != shim && lives(other)
        });
    }

    /// Waits until a service is in that state.
    #[track_caller]
    pub(crate) fn until(&self, name: &str, state: &str) {
        eventually(&format!("{name} is {state}"), || self.state(name) == state);
    }

    /// All processes that live in the sandbox, but for the loggers: these end by themselves.
    pub(crate) fn processes(&self) -> Vec<i32> {
        let mut all = self.everybody();
        all.retain(|pid| !is_logger(*pid));
        all
    }

    /// The loggers that live in the sandbox.
    pub(crate) fn loggers(&self) -> Vec<i32> {
        let mut all = self.everybody();
        all.retain(|pid| is_logger(*pid));
        all
    }

    /// All processes that live in the sandbox: their directory is in it, or what they run, or where
    /// they write.
    fn everybody(&self) -> Vec<i32> {
        let home = fs::canonicalize(self.directory.path()).unwrap();
        let is_here = |pid: &i32| {
            let lives = lives(*pid);
            let link = |name: &str| fs::read_link(format!("/proc/{pid}/{name}"));
            let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
            let marked = environment
                .windows(home.as_os_str().len())
                .any(|part| part == home.as_os_str().as_encoded_bytes());
            lives && (marked || link("cwd").is_ok_and(|cwd| cwd.starts_with(&home)))
        };
        let mine = i32::try_from(std::process::id()).unwrap();
        let all = fs::read_dir("/proc").unwrap().flatten();
        let all = all.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        all.filter(|pid| *pid != mine).filter(is_here).collect()
    }

    /// Writes a script that a service can run.
    pub(crate) fn script(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        // By another process: a descriptor of ours for writing could be open in what a test beside
        // us has just forked, and then the script would be busy.
        let mut writer = Command::new("sh");
        writer.args(["-c", r#"printf %s "$1" >"$0" && chmod 755 "$0""#]);
        assert!(writer.arg(&path).arg(text).status().unwrap().success());
        path.to_str().unwrap().to_owned()
    }

    /// Adds a service that runs this in a shell, with further options, and starts it.
    #[track_caller]
    pub(crate) fn start(&self, name: &str, shell: &str, options: &[&str]) {
        self.add(name, shell, options);
        self.ok(&["start", name]);
    }

    /// Adds a service that runs this in a shell, with further options.
    #[track_caller]
    pub(crate) fn add(&self, name: &str, shell: &str, options: &[&str]) {
        let words = ["--", "sh", "-c", shell];
        // Most that come back end at once here, on purpose.
        let given = options.contains(&"--start-seconds");
        let at_once: &[_] = if given {
            &[]
        } else {
            &["--start-seconds", "0"]
        };
        self.ok(&[&["add", name], options, at_once, &words].concat());
    }

    /// Runs commands side by side, each of which must succeed; gives what they printed.
    #[track_caller]
    pub(crate) fn all_ok(&self, commands: &[Vec<&str>]) -> Vec<String> {
        let begun: Vec<_> = commands
            .iter()
            .map(|args| self.command(args).spawn().unwrap())
            .collect();
        let ended = begun.into_iter().map(|child| {
            let ran = Ran::of(&child.wait_with_output().unwrap());
            assert_eq!(ran.code, 0, "{ran:?}");
            ran.out
        });
        ended.collect()
    }

    /// What is written in a file of the sandbox; nothing, if there is none.
    pub(crate) fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// Waits until so many lines are written in a file of the sandbox.
    #[track_caller]
    pub(crate) fn until_lines(&self, name: &str, lines: usize) {
        eventually(&format!("{lines} lines in {name}"), || {
            self.text(name).lines().count() >= lines
        });
    }

    /// Waits until no process lives here.
    #[track_caller]
    pub(crate) fn until_empty(&self) {
        eventually("nobody lives here", || self.everybody().is_empty());
    }
}

impl Drop for Sandbox {
    /// Whatever the test did, nothing of it goes on.
    fn drop(&mut self) {
        for _ in 0..20 {
            let left = self.everybody();
            if left.is_empty() {
                break;
            }
            for pid in left {
                kill(pid, 9);
            }
            thread::sleep(Duration::from_millis(10));
        }
        if let Some(mut world) = self.world.take() {
            let _ = world.kill();
            let _ = world.wait();
        }
    }
}

impl Ran {
    pub(crate) fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let status = output.status;
        Self {
            code: status
                .code()
                .unwrap_or_else(|| 128 + status.signal().unwrap()),
            out: text(&output.stdout),
            err: text(&output.stderr),
        }
    }
}

/// Waits until something is so.
#[track_caller]
pub(crate) fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "in vain: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Whether a process has not ended: a zombie has.
pub(crate) fn lives(pid: i32) -> bool {
    let stat = fs::read(Path::new("/proc").join(pid.to_string()).join("stat"));
    stat.is_ok_and(|stat| {
        let stat = String::from_utf8_lossy(&stat);
        let state = stat
            .rsplit_once(") ")
            .and_then(|(_, rest)| rest.chars().next());
        state.is_some_and(|state| !"ZX".contains(state))
    })
}

fn is_logger(pid: i32) -> bool {
    fs::read(format!("/proc/{pid}/comm")).is_ok_and(|name| name == b"svc log\n")
}

pub(crate) fn kill(pid: i32, signal: i32) {
    let signal = nix::sys::signal::Signal::try_from(signal).unwrap();
    let _ = nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), signal);
}

/// The signals in such a line, without 32 and 33: the C library keeps these for itself, and lets
/// nobody change them.
#[track_caller]
pub(crate) fn signals(pid: i32, name: &str) -> u64 {
    let signals = u64::from_str_radix(&status_line(pid, name), 16).unwrap();
    signals & !(0b11 << 31)
}

/// A line of `/proc/PID/status`, without its name.
#[track_caller]
pub(crate) fn status_line(pid: i32, name: &str) -> String {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let line = line.and_then(|line| line.strip_prefix(':'));
    line.unwrap_or_else(|| panic!("no {name}"))
        .trim()
        .to_owned()
}

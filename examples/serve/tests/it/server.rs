//! A server that runs as long as its test.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Condvar, Mutex, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::client::{Answer, get};

/// Longer than anything takes on a machine that does much else.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);

/// Runtimes that can run here.
pub(crate) fn runtimes() -> impl Iterator<Item = &'static str> {
    let can_run = |name: &&str| serve::runtimes::find(name).is_ok();
    ["poll", "smol", "tokio", "uring"]
        .into_iter()
        .filter(can_run)
}

/// The program of an example, built if it is not: `cargo test --test` builds none.
pub(crate) fn example(name: &str) -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let directory = BUILT.get_or_init(|| {
        let own = std::env::current_exe().unwrap();
        let profile = own.ancestors().nth(2).unwrap();
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--package", "serve", "--examples"]);
        cargo.arg("--target-dir").arg(profile.parent().unwrap());
        if profile.ends_with("release") {
            cargo.arg("--release");
        }
        assert!(cargo.status().unwrap().success());
        profile.join("examples")
    });
    directory.join(name)
}

/// The program with these words, which are separated by blanks.
pub(crate) fn serve(words: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_serve"));
    command.args(words.split_whitespace()).stdin(Stdio::null());
    command
}

/// What the program says and ends with.
pub(crate) fn run(words: &str) -> (Option<i32>, String, String) {
    said(serve(words).output().unwrap())
}

pub(crate) fn said(output: Output) -> (Option<i32>, String, String) {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

/// Waits until something is so.
#[track_caller]
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + LIMIT;
    while !is_so() {
        assert!(Instant::now() < end, "never: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

#[derive(Default)]
struct Log {
    lines: Mutex<Vec<String>>,
    more: Condvar,
}

pub(crate) struct Server {
    child: Child,
    log: Arc<Log>,
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Starts one in the foreground and waits until it is ready.
    #[track_caller]
    pub(crate) fn start(words: &str) -> Self {
        Self::start_as(serve(&format!("-n --bind 127.0.0.1:0 {words}")))
    }

    #[track_caller]
    pub(crate) fn start_as(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let log = Arc::new(Log::default());
        let (errors, to) = (child.stderr.take().unwrap(), Arc::clone(&log));
        thread::spawn(move || {
            for line in BufReader::new(errors).lines().map_while(Result::ok) {
                to.lines.lock().unwrap().push(line);
                to.more.notify_all();
            }
        });
        let address = "0.0.0.0:0".parse().unwrap();
        let mut server = Self {
            child,
            log,
            address,
        };
        let line = server.line("ready,");
        server.address = line.rsplit(' ').next().unwrap().parse().unwrap();
        server
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// All lines until now.
    pub(crate) fn lines(&self) -> Vec<String> {
        let lines = self.log.lines.lock();
        lines
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone()
    }

    /// The first line with this text; waits for it.
    #[track_caller]
    pub(crate) fn line(&self, text: &str) -> String {
        self.nth(text, 1)
    }

    /// The `n`th line with this text; waits for it.
    #[track_caller]
    pub(crate) fn nth(&self, text: &str, n: usize) -> String {
        let mut lines = self.log.lines.lock().unwrap();
        let end = Instant::now() + LIMIT;
        loop {
            if let Some(line) = lines.iter().filter(|line| line.contains(text)).nth(n - 1) {
                return line.clone();
            }
            let rest = end.saturating_duration_since(Instant::now());
            assert!(!rest.is_zero(), "no line {n} with {text:?}: {lines:#?}");
            lines = self.log.more.wait_timeout(lines, rest).unwrap().0;
        }
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill(self.child.id(), signal);
    }

    /// Reloads, and waits until the next generation, the `n`th, is ready.
    #[track_caller]
    pub(crate) fn reload(&self, n: usize) {
        self.signal(Signal::HUP);
        self.line(&format!("ready, generation {n},"));
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        get(self.address, path).unwrap()
    }

    /// The ids of the processes that it has forked.
    pub(crate) fn workers(&self) -> Vec<u32> {
        children(self.child.id())
    }

    #[track_caller]
    pub(crate) fn wait(&mut self) -> ExitStatus {
        let end = Instant::now() + LIMIT;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < end, "it does not end: {:#?}", self.lines());
            thread::sleep(Duration::from_millis(2));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            for worker in self.workers() {
                kill(worker, Signal::KILL);
            }
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
        if thread::panicking() {
            eprintln!("{:#?}", self.lines());
        }
    }
}

pub(crate) fn kill(pid: u32, signal: Signal) {
    let _ = kill_process(Pid::from_raw(pid.cast_signed()).unwrap(), signal);
}

/// The children of a process that are no zombies.
pub(crate) fn children(pid: u32) -> Vec<u32> {
    let list = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
    let ids = list.unwrap_or_default();
    let ids = ids.split_whitespace().map(|id| id.parse().unwrap());
    ids.filter(|id| is_alive(*id)).collect()
}

pub(crate) fn is_alive(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(')')
        .next()
        .is_some_and(|rest| !rest.is_empty() && !rest.starts_with(" Z"))
}

/// A field of `/proc/PID/status`.
pub(crate) fn status_of(pid: u32, field: &str) -> String {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
    line.unwrap().trim().to_owned()
}

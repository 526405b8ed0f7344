//! The two ways to a daemon: to become one, and to make one.

use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::Duration;

use crate::context::DaemonContext;
use crate::failure::{DaemonError, Failure};
use crate::pidfile::PidLock;
use crate::report::{Pending, Reporter};
use crate::steps::Steps;
use crate::sys::exit_now;

/// The exit code of a body that panicked, as of any Rust program.
const PANICKED: u8 = 101;

/// That this process is a daemon. Closed or dropped, it leaves its pid file.
#[derive(Debug)]
#[must_use = "the daemon leaves its pid file when this is dropped"]
pub struct Daemon {
    open: bool,
    lock: Option<PidLock>,
}

impl Daemon {
    /// Whether it was not closed yet.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Leaves the pid file; what has been closed stays so.
    pub fn close(&mut self) {
        self.open = false;
        self.lock = None;
    }
}

impl DaemonContext<'_> {
    /// Makes this process a daemon, as PEP 3143 has it.
    ///
    /// Where it detaches, what returns is the daemon, another process. The original one waits for
    /// it, and exits with 0 when all steps are done, or else with 1 after it has said on its
    /// standard error what failed. In python-daemon it exits at once, and a daemon that finds
    /// another one running vanishes without a word.
    ///
    /// # Errors
    /// What fails before there is another process; without detaching, whatever fails.
    pub fn open(self) -> Result<Daemon, DaemonError> {
        let steps = Steps::new(&self)?;
        steps.enter()?;
        if !self.detach.is_required() {
            let lock = steps.settle(None)?;
            return Ok(Daemon { open: true, lock });
        }
        match fork(&steps)? {
            Forked::Parent(pending) => exit_as(pending),
            Forked::Child(reporter) => {
                let (mut reporter, lock) = finish(steps, reporter);
                reporter.ready("");
                Ok(Daemon { open: true, lock })
            }
        }
    }

    /// Makes a daemon and goes on: what is under [`open`](Self::open), for programs that start
    /// many, or have more to do.
    ///
    /// The daemon runs `body` when all steps are done, and ends with the code that it returns, with
    /// that of the failure that it returns, or with 101 if it panics. A failure is reported, unless
    /// something was before. The daemon ends at once then: nothing of the caller is dropped in it.
    ///
    /// # Errors
    /// What fails before there is another process: more than one thread, for example. The rest
    /// comes by [`Pending::wait`].
    pub fn spawn(
        &self,
        body: impl FnOnce(&mut Reporter) -> Result<u8, Failure>,
    ) -> Result<Pending, DaemonError> {
        let steps = Steps::new(self)?;
        let reporter = match fork(&steps)? {
            Forked::Parent(pending) => return Ok(pending),
            Forked::Child(reporter) => reporter,
        };
        // Nothing may unwind into the caller: that is the other process's.
        let run = move || {
            if let Err(failure) = steps.enter() {
                give_up(reporter, &failure);
            }
            let (reporter, lock) = finish(steps, reporter);
            execute(reporter, lock, body)
        };
        let code = catch_unwind(AssertUnwindSafe(run)).unwrap_or(PANICKED);
        let _ = io::stdout().flush();
        exit_now(code)
    }

    /// Runs `body` as a daemon, or here where it is not to detach: the whole of a program's `main`.
    ///
    /// Where it detaches, the original process waits for the report of the body, and returns 0; or it
    /// says on its standard error what failed and returns the exit code of that.
    ///
    /// Where it does not, the process keeps its streams, its descriptors, its signals, and its umask
    /// and directory unless they are set; it has the pid file, and leaves it at `SIGINT` and `SIGTERM`
    /// where these do as they do by default. What fails is said in the same way.
    ///
    /// ```no_run
    /// # use daemon::{DaemonContext, Detach, Failure};
    /// fn main() -> std::process::ExitCode {
    ///     let here = std::env::args().any(|word| word == "--no-daemon");
    ///     let context = DaemonContext::new().detach(if here { Detach::Never } else { Detach::Always });
    ///     context.run(|reporter| {
    ///         let bound = std::net::TcpListener::bind("127.0.0.1:8000");
    ///         let listener = bound.map_err(|error| Failure::new("bind", &error))?;
    ///         reporter.ready("");
    ///         for _connection in listener.incoming() {}
    ///         Ok(0)
    ///     })
    /// }
    /// ```
    pub fn run(self, body: impl FnOnce(&mut Reporter) -> Result<u8, Failure>) -> ExitCode {
        let code = if self.detach.is_required() {
            let daemon = self.spawn(body);
            daemon
                .and_then(|daemon| daemon.wait(Duration::MAX))
                .map(|_| 0)
        } else {
            self.stay(body)
        };
        ExitCode::from(code.unwrap_or_else(|error| tell(&error)))
    }

    /// Runs `body` in this process.
    fn stay(
        &self,
        body: impl FnOnce(&mut Reporter) -> Result<u8, Failure>,
    ) -> Result<u8, DaemonError> {
        let steps = Steps::new(self)?;
        steps.enter_here()?;
        let lock = steps.enter_pidfile_here()?;
        Ok(execute(Reporter::to_nobody(), lock, body))
    }
}

/// What the body ends with. The pid file is left before that is said; a failure that nobody waits for any
/// more is said where all else is.
fn execute(
    mut reporter: Reporter,
    lock: Option<PidLock>,
    body: impl FnOnce(&mut Reporter) -> Result<u8, Failure>,
) -> u8 {
    let ended = body(&mut reporter);
    drop(lock);
    ended.unwrap_or_else(|failure| {
        if !reporter.fail(&failure) {
            let _ = writeln!(io::stderr(), "error: {failure}");
        }
        failure.exit_code
    })
}

enum Forked {
    Parent(Pending),
    Child(Reporter),
}

fn fork(steps: &Steps<'_>) -> Result<Forked, Failure> {
    // What is buffered would be written by both.
    let _ = io::stdout().flush();
    let (reader, writer) = io::pipe().map_err(|error| Failure::new("pipe", &error))?;
    Ok(match steps.fork()? {
        Some(child) => Forked::Parent(Pending::new(reader, child)),
        None => Forked::Child(Reporter::new(writer)),
    })
}

/// Detaches, and does what is left to do.
fn finish(steps: Steps<'_>, reporter: Reporter) -> (Reporter, Option<PidLock>) {
    let (reporter, detached) = steps.detach(reporter);
    match detached.and_then(|()| steps.settle(Some(&reporter))) {
        Ok(lock) => (reporter, lock),
        Err(failure) => give_up(reporter, &failure),
    }
}

fn give_up(mut reporter: Reporter, failure: &Failure) -> ! {
    reporter.fail(failure);
    exit_now(failure.exit_code)
}

/// Ends the original process as the daemon's start did. What is to be done at the end of the
/// program is the daemon's, so it ends at once.
fn exit_as(pending: Pending) -> ! {
    let ended = pending.wait(Duration::MAX).map(|_| 0);
    exit_now(ended.unwrap_or_else(|error| tell(&error)))
}

/// Says why there is no daemon; gives the exit code.
fn tell(error: &DaemonError) -> u8 {
    let _ = writeln!(io::stderr(), "error: {error}");
    error.exit_code()
}

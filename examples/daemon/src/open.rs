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

/// The exit code of a body that panics, as of every Rust program.
const PANICKED: u8 = 101;

/// Stands for the daemon that this process is. Closed or dropped, it removes the pid file.
#[derive(Debug)]
#[must_use = "the daemon leaves its pid file when this is dropped"]
pub struct Daemon {
    open: bool,
    lock: Option<PidLock>,
}

impl Daemon {
    /// Whether it is still open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Removes the pid file. The descriptors that the daemon closed stay closed.
    pub fn close(&mut self) {
        self.open = false;
        self.lock = None;
    }
}

impl DaemonContext<'_> {
    /// Makes this process a daemon, as PEP 3143 describes.
    ///
    /// When it detaches, the process that returns is the daemon, not the original one. The original
    /// process waits until all steps are done and exits with 0. If a step fails, it prints the
    /// failure to standard error and exits with 1. python-daemon exits at once, and its daemon
    /// vanishes without a word if another one is running.
    ///
    /// # Errors
    /// Failures before there is another process. Without detaching, every failure.
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

    /// Starts a daemon and returns. This is [`open`](Self::open) for programs that start many
    /// daemons, or that go on with other work.
    ///
    /// The daemon runs `body` when all steps are done. It exits with the code that `body` returns,
    /// with that of the failure that `body` returns, or with 101 if `body` panics. A failure is
    /// reported, unless there was a report before. The daemon then exits at once and drops nothing
    /// of the caller.
    ///
    /// # Errors
    /// Failures before there is another process, such as a second thread. [`Pending::wait`] gives
    /// the rest.
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
        // A panic must not unwind into the caller, which belongs to the other process.
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

    /// Runs `body` as a daemon, or in the foreground if the context does not detach. This is the
    /// whole of a program's `main`.
    ///
    /// If it detaches, the original process waits for the report of `body` and returns 0. If
    /// something fails, it prints the failure to standard error and returns its exit code.
    ///
    /// If it does not detach, the process keeps its streams, descriptors and signals. It also keeps
    /// its umask and directory unless they are set. It holds the pid file, and removes it on
    /// `SIGINT` and `SIGTERM` if these have their default action. Failures are printed in the same
    /// way.
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

/// The exit code of the body. The pid file is removed before the report. A failure that nobody
/// waits for goes to the log.
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
    // Both processes would write buffered output.
    let _ = io::stdout().flush();
    let (reader, writer) = io::pipe().map_err(|error| Failure::new("pipe", &error))?;
    Ok(match steps.fork()? {
        Some(child) => Forked::Parent(Pending::new(reader, child)),
        None => Forked::Child(Reporter::new(writer)),
    })
}

/// Detaches and does the remaining steps.
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

/// Ends the original process with the result of the daemon's start. It skips destructors and exit
/// handlers, because these belong to the daemon.
fn exit_as(pending: Pending) -> ! {
    let ended = pending.wait(Duration::MAX).map(|_| 0);
    exit_now(ended.unwrap_or_else(|error| tell(&error)))
}

/// Prints why there is no daemon, and gives the exit code.
fn tell(error: &DaemonError) -> u8 {
    let _ = writeln!(io::stderr(), "error: {error}");
    error.exit_code()
}

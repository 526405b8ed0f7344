//! A worker, as its parent sees it.

use std::io::{self, PipeReader, PipeWriter, Read as _, Write as _};
use std::os::fd::{AsFd as _, BorrowedFd};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use daemon::process::{Fork, exit_now, fork};
use rustix::process::{Pid, Signal, kill_process};

use crate::handover::Heir;
use crate::server::Plan;
use crate::worker::{self, Post};

/// The report of a worker that is ready. Any other report is the reason why it is not.
const READY: u8 = b'+';

/// How much longer than its own limit a worker may take to end.
const GRACE: Duration = Duration::from_millis(250);

/// How long the system may take to end a process.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) struct Child {
    pub(super) pid: Pid,
    pub(super) post: Post,
    pub(super) state: State,
    /// The time of its fork, or of its report that it is ready.
    pub(super) since: Instant,
}

pub(super) enum State {
    /// It has not reported yet.
    Starting(PipeReader),
    Ready,
    /// It has reported why it cannot start, and is ending.
    Failed(String),
    /// It has been told to end, and is killed at that time.
    Ending(Instant),
}

impl Child {
    /// Forks a worker. `close` drops the parent's values in the worker.
    pub(super) fn fork(plan: &Plan, post: Post, close: impl FnOnce()) -> io::Result<Self> {
        let (reader, writer) = io::pipe()?;
        match fork()? {
            Fork::Parent(pid) => Ok(Self {
                pid,
                post,
                state: State::Starting(reader),
                since: Instant::now(),
            }),
            Fork::Child => {
                drop(reader);
                close();
                exit_now(work(plan, post, writer))
            }
        }
    }

    /// A worker that an earlier program forked.
    pub(super) fn adopt(heir: Heir) -> Option<Self> {
        Some(Self {
            pid: Pid::from_raw(heir.pid)?,
            post: Post {
                slot: heir.slot,
                generation: heir.generation,
                parent: None,
            },
            state: State::Ready,
            since: Instant::now(),
        })
    }

    pub(super) fn heir(&self) -> Heir {
        Heir {
            pid: self.pid.as_raw_nonzero().get(),
            slot: self.post.slot,
            generation: self.post.generation,
        }
    }

    /// The pipe of its report, until it has reported.
    pub(super) fn pipe(&self) -> Option<BorrowedFd<'_>> {
        match &self.state {
            State::Starting(pipe) => Some(pipe.as_fd()),
            _ => None,
        }
    }

    /// Reads its report. Call it when the pipe is readable.
    pub(super) fn hear(&mut self) {
        let State::Starting(pipe) = &mut self.state else {
            return;
        };
        let mut first = [0];
        self.state = match pipe.read(&mut first) {
            Ok(1) if first[0] == READY => {
                self.since = Instant::now();
                State::Ready
            }
            Ok(1) => {
                let mut said = first.to_vec();
                // A worker reports once, in one write, and ends.
                let _ = pipe.read_to_end(&mut said);
                State::Failed(String::from_utf8_lossy(&said).into_owned())
            }
            _ => State::Failed("it ended before it was ready".to_owned()),
        };
    }

    /// Tells it to end: by `HUP` if other workers follow, or else by `TERM`.
    pub(super) fn end(&mut self, signal: Signal, limit: Duration) {
        let _ = kill_process(self.pid, signal);
        self.state = State::Ending(Instant::now() + limit + GRACE);
    }

    pub(super) fn kill(&mut self) {
        let _ = kill_process(self.pid, Signal::KILL);
        // If the system has not ended it yet, there is no point in looking again soon.
        self.state = State::Ending(Instant::now() + PATIENCE);
    }

    pub(super) fn is_ready(&self) -> bool {
        matches!(self.state, State::Ready)
    }

    pub(super) fn is_ending(&self) -> bool {
        matches!(self.state, State::Ending(_))
    }
}

/// The life of a worker. Gives its exit code.
fn work(plan: &Plan, post: Post, writer: PipeWriter) -> u8 {
    let mut pipe = Some(writer);
    let ready = || {
        if let Some(mut pipe) = pipe.take() {
            let _ = pipe.write_all(&[READY]);
        }
    };
    let worked = catch_unwind(AssertUnwindSafe(|| worker::work(plan, post, ready)));
    let failure = match worked {
        Ok(Ok(_)) => return 0,
        Ok(Err(error)) => error.to_string(),
        Err(_) => "it panicked".to_owned(),
    };
    match pipe {
        Some(mut pipe) => drop(pipe.write_all(failure.as_bytes())),
        None => log::error!("{failure}"),
    }
    1
}

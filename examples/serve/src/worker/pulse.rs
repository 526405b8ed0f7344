//! The phase of a connection, and its time limits.

use std::cell::Cell;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use hyper::rt::{Read, ReadBufCursor, Write};

use super::{Leaving, Worker};
use crate::runtimes::Stream;

/// How long an open connection without a request may delay the end of the last worker. It is enough
/// for a request that is on its way.
const LAST_WORD: Duration = Duration::from_secs(1);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// No byte of a request has arrived. `true` if there was a request before.
    Idle(bool),
    /// A part of the request's head has arrived.
    Head,
    /// The request is being answered.
    Answer,
}

/// The state of a connection. The connection updates it, and its watcher reads it.
pub(super) struct Pulse {
    phase: Cell<Phase>,
    since: Cell<Instant>,
    /// Since when the connection waits for more of a request's body.
    body: Waiting,
    /// Since when the connection waits for the client to read more of a response.
    taker: Waiting,
    /// Whether the client may still be sending data that nobody will read.
    pub(super) unread: Cell<bool>,
}

impl Pulse {
    pub(super) fn new() -> Self {
        Self {
            phase: Cell::new(Phase::Idle(false)),
            since: Cell::new(Instant::now()),
            body: Waiting::default(),
            taker: Waiting::default(),
            unread: Cell::new(false),
        }
    }

    fn enter(&self, phase: Phase) {
        self.phase.set(phase);
        self.since.set(Instant::now());
    }

    pub(super) fn asked(&self) {
        self.enter(Phase::Answer);
    }

    pub(super) fn answered(&self) {
        self.body.end();
        self.enter(Phase::Idle(true));
    }

    /// Notes whether more of a request's body has arrived.
    pub(super) fn note_body<T>(&self, poll: Poll<T>) -> Poll<T> {
        self.body.note(poll)
    }

    /// The time at which the connection ends if nothing happens. `None` while the server is at
    /// work.
    pub(super) fn end(&self, worker: &Worker) -> Option<Instant> {
        let (client, idle) = (
            worker.options.client_timeout.0,
            worker.options.keep_alive_timeout.0,
        );
        let since = self.since.get();
        if let Some(waiting) = self
            .body
            .since()
            .into_iter()
            .chain(self.taker.since())
            .min()
        {
            return Some(waiting + client);
        }
        let end = match self.phase.get() {
            Phase::Answer => return None,
            Phase::Head => return Some(since + client),
            Phase::Idle(false) => since + client,
            Phase::Idle(true) => since + idle,
        };
        // A request may be on its way to a worker that is leaving. Its response tells the client to
        // reconnect.
        let soon = worker.leaving.get().map(|Leaving { since: left, last }| {
            let patience = if last { idle.min(LAST_WORD) } else { idle };
            left.max(since) + patience
        });
        Some(soon.map_or(end, |soon| soon.min(end)))
    }

    /// The shortest limit of a phase that may begin now.
    pub(super) fn tick(worker: &Worker) -> Duration {
        let options = &worker.options;
        options
            .client_timeout
            .0
            .min(options.keep_alive_timeout.0)
            .max(Duration::from_millis(10))
    }
}

/// Since when the connection waits for the client, if it does.
#[derive(Default)]
struct Waiting(Cell<Option<Instant>>);

impl Waiting {
    fn since(&self) -> Option<Instant> {
        self.0.get()
    }

    fn end(&self) {
        self.0.set(None);
    }

    fn note<T>(&self, poll: Poll<T>) -> Poll<T> {
        match poll {
            Poll::Ready(_) => self.end(),
            Poll::Pending if self.since().is_none() => self.0.set(Some(Instant::now())),
            Poll::Pending => {}
        }
        poll
    }
}

/// A connection that notes reads, and writes that block.
pub(super) struct Felt {
    stream: Box<dyn Stream>,
    pulse: Rc<Pulse>,
}

impl Felt {
    pub(super) fn new(stream: Box<dyn Stream>, pulse: Rc<Pulse>) -> Self {
        Self { stream, pulse }
    }
}

impl Read for Felt {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        to: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(cx, to);
        if read.is_ready() && matches!(self.pulse.phase.get(), Phase::Idle(_)) {
            self.pulse.enter(Phase::Head);
        }
        read
    }
}

impl Write for Felt {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        from: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, from);
        self.pulse.taker.note(written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        self.pulse.taker.note(flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

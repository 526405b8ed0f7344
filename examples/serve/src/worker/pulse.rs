//! What a connection is doing, and how long it may.

use std::cell::Cell;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use hyper::rt::{Read, ReadBufCursor, Write};

use super::{Leaving, Worker};
use crate::runtimes::Stream;

/// How long an open connection that asks nothing may hold up the end of the last worker: time
/// enough for a request that is on its way.
const LAST_WORD: Duration = Duration::from_secs(1);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nothing of a request has come yet; `true` when there was one before.
    Idle(bool),
    /// A part of its head has come.
    Head,
    /// It is being answered.
    Answer,
}

/// The state of a connection. Whoever is in it tells, whoever watches it asks.
pub(super) struct Pulse {
    phase: Cell<Phase>,
    since: Cell<Instant>,
    /// Since when we wait for more of a request's body.
    body: Waiting,
    /// Since when we wait for the client to take more of an answer.
    taker: Waiting,
    /// Whether the client may still be sending what nobody will read.
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

    /// Notes whether more of a request's body has come.
    pub(super) fn note_body<T>(&self, poll: Poll<T>) -> Poll<T> {
        self.body.note(poll)
    }

    /// When the connection is to end if nothing happens; never while it is our turn.
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
        // A request may be on its way to a worker that is leaving, so it hears of that by an answer.
        let soon = worker.leaving.get().map(|Leaving { since: left, last }| {
            let patience = if last { idle.min(LAST_WORD) } else { idle };
            left.max(since) + patience
        });
        Some(soon.map_or(end, |soon| soon.min(end)))
    }

    /// How soon anything that begins now could have to end.
    pub(super) fn tick(worker: &Worker) -> Duration {
        let options = &worker.options;
        options
            .client_timeout
            .0
            .min(options.keep_alive_timeout.0)
            .max(Duration::from_millis(10))
    }
}

/// Since when we wait for a client, if we do.
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

/// A connection that notes what comes and what does not go.
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

//! Accepts connections, up to the limit.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::future::select;

use super::{Worker, connection};
use crate::Error;
use crate::runtimes::{Task, Watch};
use crate::services::Service;

/// The pause when the system cannot accept a connection because it lacks descriptors or memory.
/// Only the end of others can help.
const RELIEF: Duration = Duration::from_millis(100);

pub(super) struct Door {
    worker: Rc<Worker>,
    /// `None` after the door was opened.
    listener: RefCell<Option<TcpListener>>,
    /// Whether it still accepts connections.
    is_open: Rc<Cell<bool>>,
}

impl Door {
    pub(super) fn new(worker: Rc<Worker>, listener: TcpListener) -> Self {
        Self {
            worker,
            listener: RefCell::new(Some(listener)),
            is_open: Rc::default(),
        }
    }
}

impl Service for Door {
    fn name(&self) -> &'static str {
        "door"
    }

    fn start(&self) -> Task<'_, Result<(), Error>> {
        Box::pin(async {
            let listener = self.listener.take();
            let listener = listener.ok_or_else(|| Error::AlreadyRuns("door".to_owned()))?;
            let watch = self
                .worker
                .runtime
                .watch(OwnedFd::from(listener.try_clone()?))?;
            let (worker, is_open) = (Rc::clone(&self.worker), Rc::clone(&self.is_open));
            is_open.set(true);
            self.worker.spawn(async move {
                let_in(&worker, listener, watch).await;
                is_open.set(false);
                worker.closed.notify(usize::MAX);
            });
            Ok(())
        })
    }

    /// Waits for the last connection to end.
    fn stop(&self) -> Task<'_> {
        Box::pin(async {
            loop {
                let closed = self.worker.closed.listen();
                if self.worker.open.get() == 0 && !self.is_open.get() {
                    return;
                }
                closed.await;
            }
        })
    }
}

async fn let_in(worker: &Rc<Worker>, listener: TcpListener, watch: Box<dyn Watch>) {
    loop {
        let (left, closed) = (worker.left.listen(), worker.closed.listen());
        let leaving = worker.leaving.get();
        if leaving.is_some_and(|leaving| !leaving.last) {
            break;
        }
        // Room first: a connection without room waits in the system, where another worker may
        // accept it.
        if worker.open.get() >= worker.options.max_clients {
            closed.await;
            continue;
        }
        match listener.accept() {
            Ok((socket, peer)) => {
                welcome(worker, socket, peer);
                // Other tasks, and other workers, come first.
                Yield(false).await;
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                if leaving.is_some() {
                    break;
                }
                select(watch.readable(), left).await;
            }
            Err(error) => match error.kind() {
                io::ErrorKind::ConnectionAborted | io::ErrorKind::Interrupted => {}
                _ => {
                    log::warn!("no connection can be accepted: {}", crate::reason(&error));
                    worker.runtime.sleep(RELIEF).await;
                }
            },
        }
    }
}

fn welcome(worker: &Rc<Worker>, socket: TcpStream, peer: SocketAddr) {
    match worker.runtime.stream(socket) {
        Ok(stream) => {
            let guest = Guest::new(worker);
            worker.spawn(async move {
                connection::serve(&guest.0, stream, peer).await;
            });
        }
        Err(error) => log::warn!("{peer}: {}", crate::reason(&error)),
    }
}

/// A connection that is counted while it lives.
struct Guest(Rc<Worker>);

impl Guest {
    fn new(worker: &Rc<Worker>) -> Self {
        worker.open.set(worker.open.get() + 1);
        worker.count(|row| row.connections += 1);
        Self(Rc::clone(worker))
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.0.open.set(self.0.open.get() - 1);
        self.0.count(|_| ());
        self.0.closed.notify(usize::MAX);
    }
}

/// Yields to other tasks once.
struct Yield(bool);

impl Future for Yield {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

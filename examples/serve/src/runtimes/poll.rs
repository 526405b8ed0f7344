//! A runtime of our own, which shows how little one needs: a set of tasks, a map of timers, and a
//! loop around mio's `Poll`.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::{AsRawFd, OwnedFd};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use futures_io::{AsyncRead, AsyncWrite};
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use mio::event::Source;
use mio::unix::SourceFd;
use mio::{Events, Interest, Registry, Token, net};

use super::adapt::Adapted;
use super::{Kind, Runtime, Stream, Task, Watch};

inventory::submit! {
    Kind {
        name: "poll",
        about: "a readiness loop of two hundred lines, on mio",
        probe: || Ok(()),
        start: || Ok(Rc::new(Loop::new()?)),
    }
}

struct Loop {
    poll: RefCell<mio::Poll>,
    shared: Rc<Shared>,
}

/// The part of the loop that tasks can reach.
struct Shared {
    registry: Registry,
    spawned: RefCell<Vec<Task<'static>>>,
    waiting: RefCell<BTreeMap<usize, Rc<Waiting>>>,
    clocks: RefCell<BTreeMap<(Instant, usize), Waker>>,
    next: Cell<usize>,
}

/// The tasks that wait for a descriptor.
#[derive(Default)]
struct Waiting {
    reader: RefCell<Option<Waker>>,
    writer: RefCell<Option<Waker>>,
    /// An event that no task waited for.
    news: Cell<bool>,
}

impl Loop {
    fn new() -> io::Result<Self> {
        let poll = mio::Poll::new()?;
        let shared = Shared {
            registry: poll.registry().try_clone()?,
            spawned: RefCell::default(),
            waiting: RefCell::default(),
            clocks: RefCell::default(),
            next: Cell::new(0),
        };
        Ok(Self {
            poll: RefCell::new(poll),
            shared: Rc::new(shared),
        })
    }

    /// Waits for events, and wakes the tasks that wait for them.
    fn turn(&self, events: &mut Events, patience: Option<Duration>) {
        if let Err(error) = self.poll.borrow_mut().poll(events, patience) {
            assert_eq!(error.kind(), io::ErrorKind::Interrupted, "{error}");
        }
        for event in &*events {
            let waiting = self.shared.waiting.borrow().get(&event.token().0).cloned();
            let Some(waiting) = waiting else { continue };
            waiting.news.set(true);
            if event.is_readable() || event.is_read_closed() || event.is_error() {
                wake(&waiting.reader);
            }
            if event.is_writable() || event.is_write_closed() || event.is_error() {
                wake(&waiting.writer);
            }
        }
        let now = Instant::now();
        let mut clocks = self.shared.clocks.borrow_mut();
        while let Some(clock) = clocks.first_entry().filter(|clock| clock.key().0 <= now) {
            clock.remove().wake();
        }
    }

    fn patience(&self) -> Option<Duration> {
        let clocks = self.shared.clocks.borrow();
        let ((next, _), _) = clocks.first_key_value()?;
        Some(next.saturating_duration_since(Instant::now()))
    }
}

fn wake(waker: &RefCell<Option<Waker>>) {
    if let Some(waker) = waker.take() {
        waker.wake();
    }
}

/// Whether a task can go on. Only this thread sets it, so the loop need not be woken.
struct Awake(AtomicBool);

impl Wake for Awake {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Runtime for Loop {
    fn block_on(&self, mut main: Task<'_>) {
        let awake = Arc::new(Awake(AtomicBool::new(true)));
        let waker = Waker::from(Arc::clone(&awake));
        let mut cx = Context::from_waker(&waker);
        let mut tasks = FuturesUnordered::new();
        let mut events = Events::with_capacity(1024);
        loop {
            while awake.0.swap(false, Ordering::Relaxed) {
                if main.as_mut().poll(&mut cx).is_ready() {
                    return;
                }
                tasks.extend(self.shared.spawned.take());
                while let Poll::Ready(Some(())) = tasks.poll_next_unpin(&mut cx) {
                    tasks.extend(self.shared.spawned.take());
                }
                if !self.shared.spawned.borrow().is_empty() {
                    waker.wake_by_ref();
                }
                // Tasks that are always ready must not starve the events.
                self.turn(&mut events, Some(Duration::ZERO));
            }
            self.turn(&mut events, self.patience());
        }
    }

    fn spawn(&self, task: Task<'static>) {
        self.shared.spawned.borrow_mut().push(task);
    }

    fn sleep(&self, time: Duration) -> Task<'static> {
        let shared = Rc::clone(&self.shared);
        Box::pin(async move {
            let Some(end) = Instant::now().checked_add(time) else {
                return std::future::pending().await;
            };
            let clock = Clock {
                key: (end, shared.next()),
                shared,
            };
            poll_fn(|cx| clock.poll(cx)).await;
        })
    }

    fn stream(&self, socket: TcpStream) -> io::Result<Box<dyn Stream>> {
        socket.set_nonblocking(true)?;
        let socket = Socket::new(net::TcpStream::from_std(socket), &self.shared)?;
        Ok(Box::new(Adapted(socket)))
    }

    fn connect(&self, address: SocketAddr) -> Task<'static, io::Result<Box<dyn Stream>>> {
        let shared = Rc::clone(&self.shared);
        Box::pin(async move {
            let socket = Socket::new(net::TcpStream::connect(address)?, &shared)?;
            poll_fn(|cx| socket.poll_connected(cx)).await?;
            socket.registered.source.set_nodelay(true)?;
            Ok(Box::new(Adapted(socket)) as _)
        })
    }

    fn watch(&self, descriptor: OwnedFd) -> io::Result<Box<dyn Watch>> {
        let number = descriptor.as_raw_fd();
        let (token, waiting) = self.shared.enter();
        let mut source = SourceFd(&number);
        self.shared
            .registry
            .register(&mut source, token, Interest::READABLE)?;
        Ok(Box::new(Watched {
            descriptor,
            token,
            waiting,
            shared: Rc::clone(&self.shared),
        }))
    }
}

impl Shared {
    fn next(&self) -> usize {
        self.next.replace(self.next.get() + 1)
    }

    fn enter(&self) -> (Token, Rc<Waiting>) {
        let (key, waiting) = (self.next(), Rc::<Waiting>::default());
        self.waiting.borrow_mut().insert(key, Rc::clone(&waiting));
        (Token(key), waiting)
    }
}

/// A timer that a task waits for.
struct Clock {
    key: (Instant, usize),
    shared: Rc<Shared>,
}

impl Clock {
    fn poll(&self, cx: &mut Context<'_>) -> Poll<()> {
        if Instant::now() >= self.key.0 {
            return Poll::Ready(());
        }
        let mut clocks = self.shared.clocks.borrow_mut();
        clocks.insert(self.key, cx.waker().clone());
        Poll::Pending
    }
}

impl Drop for Clock {
    fn drop(&mut self) {
        self.shared.clocks.borrow_mut().remove(&self.key);
    }
}

/// A registered source of events.
struct Registered<S: Source> {
    source: S,
    token: Token,
    waiting: Rc<Waiting>,
    shared: Rc<Shared>,
}

impl<S: Source> Drop for Registered<S> {
    fn drop(&mut self) {
        let _ = self.shared.registry.deregister(&mut self.source);
        self.shared.waiting.borrow_mut().remove(&self.token.0);
    }
}

struct Socket {
    registered: Registered<net::TcpStream>,
}

impl Socket {
    fn new(mut source: net::TcpStream, shared: &Rc<Shared>) -> io::Result<Self> {
        let (token, waiting) = shared.enter();
        let both = Interest::READABLE | Interest::WRITABLE;
        let shared = Rc::clone(shared);
        shared.registry.register(&mut source, token, both)?;
        let registered = Registered {
            source,
            token,
            waiting,
            shared,
        };
        Ok(Self { registered })
    }

    fn poll_connected(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let socket = &self.registered.source;
        if let Some(error) = socket.take_error()? {
            return Poll::Ready(Err(error));
        }
        match socket.peer_addr() {
            Err(error) if error.kind() == io::ErrorKind::NotConnected => {
                wait(&self.registered.waiting.writer, cx)
            }
            other => Poll::Ready(other.map(drop)),
        }
    }
}

/// The result of an attempt. The task waits if the attempt would block.
fn attempt<T>(
    waker: &RefCell<Option<Waker>>,
    cx: &mut Context<'_>,
    mut attempt: impl FnMut() -> io::Result<T>,
) -> Poll<io::Result<T>> {
    loop {
        match attempt() {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return wait(waker, cx),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return Poll::Ready(other),
        }
    }
}

fn wait<T>(waker: &RefCell<Option<Waker>>, cx: &mut Context<'_>) -> Poll<T> {
    waker.replace(Some(cx.waker().clone()));
    Poll::Pending
}

impl AsyncRead for Socket {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        to: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let Registered {
            source, waiting, ..
        } = &self.registered;
        attempt(&waiting.reader, cx, || (&*source).read(to))
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        from: &[u8],
    ) -> Poll<io::Result<usize>> {
        let Registered {
            source, waiting, ..
        } = &self.registered;
        attempt(&waiting.writer, cx, || (&*source).write(from))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.registered.source.shutdown(std::net::Shutdown::Write))
    }
}

/// A descriptor that is only waited for.
struct Watched {
    descriptor: OwnedFd,
    token: Token,
    waiting: Rc<Waiting>,
    shared: Rc<Shared>,
}

impl Watch for Watched {
    fn readable(&self) -> Task<'_, io::Result<()>> {
        Box::pin(poll_fn(|cx| {
            if self.waiting.news.take() {
                return Poll::Ready(Ok(()));
            }
            wait(&self.waiting.reader, cx)
        }))
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        let number = self.descriptor.as_raw_fd();
        let _ = self.shared.registry.deregister(&mut SourceFd(&number));
        self.shared.waiting.borrow_mut().remove(&self.token.0);
    }
}

//! Runtimes, found by their names.
//!
//! A runtime waits for sockets and timers. The program needs little of one, so there can be many:
//! [`Runtime`] has six methods, and a new runtime is one file that submits its [`Kind`] to the
//! registry. The idea, and most of the messages, are those of twistd's reactors.

mod adapt;
mod choice;
mod poll;
mod smol;
mod tokio;
mod uring;

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::os::fd::OwnedFd;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

pub use choice::{AlreadyInstalled, Unavailable, current, find, help, install, kinds};

/// A boxed future. One thread runs all futures, so they need not be `Send`.
pub type Task<'a, T = ()> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// A connection that hyper can read and write.
pub trait Stream: hyper::rt::Read + hyper::rt::Write + Unpin {}

impl<S: hyper::rt::Read + hyper::rt::Write + Unpin> Stream for S {}

/// Everything that the program needs from a runtime.
pub trait Runtime {
    /// Runs a future to its end, and all spawned tasks meanwhile.
    fn block_on(&self, main: Task<'_>);

    /// Runs a task beside the others.
    fn spawn(&self, task: Task<'static>);

    /// Completes after that time.
    fn sleep(&self, time: Duration) -> Task<'static>;

    /// Turns a connection that was accepted elsewhere into one of this runtime.
    fn stream(&self, socket: TcpStream) -> io::Result<Box<dyn Stream>>;

    /// Connects to an address.
    fn connect(&self, address: SocketAddr) -> Task<'static, io::Result<Box<dyn Stream>>>;

    /// Turns a descriptor into one that can be waited for.
    fn watch(&self, descriptor: OwnedFd) -> io::Result<Box<dyn Watch>>;
}

/// A descriptor that can be waited for.
pub trait Watch {
    /// Waits until a read may succeed. Read until it would block before you wait again, because
    /// some runtimes report only new data.
    fn readable(&self) -> Task<'_, io::Result<()>>;
}

/// A runtime that can be chosen.
pub struct Kind {
    /// The name that selects it.
    pub name: &'static str,
    /// One line about it.
    pub about: &'static str,
    /// Whether it can run here. The check must leave nothing behind.
    pub probe: fn() -> io::Result<()>,
    /// Starts one.
    pub start: fn() -> io::Result<Rc<dyn Runtime>>,
}

inventory::collect!(Kind);

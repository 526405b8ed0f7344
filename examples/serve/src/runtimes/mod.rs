//! Runtimes, found by their names.
//!
//! A runtime is what waits for sockets and clocks. The program asks little of one, so there may be
//! many: [`Runtime`] has six methods, and a new runtime is one file that submits its [`Kind`] to
//! the registry. The idea, and most of the messages, are twistd's reactors.

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

/// A future on the heap. One thread runs all of them, so none need be `Send`.
pub type Task<'a, T = ()> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// A connection, as hyper reads and writes it.
pub trait Stream: hyper::rt::Read + hyper::rt::Write + Unpin {}

impl<S: hyper::rt::Read + hyper::rt::Write + Unpin> Stream for S {}

/// All that the program asks of a runtime.
pub trait Runtime {
    /// Runs a future to its end, and meanwhile all that is spawned.
    fn block_on(&self, main: Task<'_>);

    /// Runs a task beside the others.
    fn spawn(&self, task: Task<'static>);

    /// Is over after that time.
    fn sleep(&self, time: Duration) -> Task<'static>;

    /// Makes a connection, which was accepted elsewhere, one of this runtime.
    fn stream(&self, socket: TcpStream) -> io::Result<Box<dyn Stream>>;

    /// Connects to an address.
    fn connect(&self, address: SocketAddr) -> Task<'static, io::Result<Box<dyn Stream>>>;

    /// Makes a descriptor one that can be waited for.
    fn watch(&self, descriptor: OwnedFd) -> io::Result<Box<dyn Watch>>;
}

/// A descriptor that can be waited for.
pub trait Watch {
    /// Waits until it is worth to read again. Read until it would block, and only then wait: some
    /// runtimes tell of what is new only.
    fn readable(&self) -> Task<'_, io::Result<()>>;
}

/// A runtime that can be chosen.
pub struct Kind {
    /// How it is chosen.
    pub name: &'static str,
    /// A line about it.
    pub about: &'static str,
    /// Whether it can run here; it must leave nothing behind.
    pub probe: fn() -> io::Result<()>,
    /// Starts one.
    pub start: fn() -> io::Result<Rc<dyn Runtime>>,
}

inventory::collect!(Kind);

//! Linux' io_uring, by compio: the system reads and writes, and reports when it is done.

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::os::fd::OwnedFd;
use std::rc::Rc;
use std::time::Duration;

use compio::driver::Proactor;
use compio::io::compat::AsyncStream;
use compio::net;
use compio::runtime;
use compio::runtime::fd::PollFd;

use super::adapt::Adapted;
use super::{Kind, Runtime, Stream, Task, Watch};

inventory::submit! {
    Kind {
        name: "uring",
        about: "Linux' io_uring, by compio",
        probe: || Proactor::new().map(drop),
        start: || Ok(Rc::new(Uring(runtime::Runtime::new()?))),
    }
}

/// The size of the buffers to and from the system.
const BUFFER: usize = 64 * 1024;

struct Uring(runtime::Runtime);

impl Runtime for Uring {
    fn block_on(&self, main: Task<'_>) {
        self.0.block_on(main);
    }

    fn spawn(&self, task: Task<'static>) {
        self.0.spawn(task).detach();
    }

    fn sleep(&self, time: Duration) -> Task<'static> {
        Box::pin(runtime::time::sleep(time))
    }

    fn stream(&self, socket: TcpStream) -> io::Result<Box<dyn Stream>> {
        let socket = self.0.enter(|| net::TcpStream::from_std(socket))?;
        Ok(adapted(socket))
    }

    fn connect(&self, address: SocketAddr) -> Task<'static, io::Result<Box<dyn Stream>>> {
        Box::pin(async move { Ok(adapted(net::TcpStream::connect(address).await?)) })
    }

    fn watch(&self, descriptor: OwnedFd) -> io::Result<Box<dyn Watch>> {
        let descriptor = self.0.enter(|| PollFd::new(descriptor))?;
        Ok(Box::new(descriptor))
    }
}

fn adapted(socket: net::TcpStream) -> Box<dyn Stream> {
    Box::new(Adapted(Box::pin(AsyncStream::with_limits(
        BUFFER, BUFFER, socket,
    ))))
}

impl Watch for PollFd<OwnedFd> {
    fn readable(&self) -> Task<'_, io::Result<()>> {
        Box::pin(self.read_ready())
    }
}

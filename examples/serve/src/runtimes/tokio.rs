//! Tokio, on one thread.

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::os::fd::OwnedFd;
use std::rc::Rc;
use std::time::Duration;

use hyper_util::rt::TokioIo;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::runtime::{self, Builder};
use tokio::task::LocalSet;

use super::{Kind, Runtime, Stream, Task, Watch};

inventory::submit! {
    Kind {
        name: "tokio",
        about: "Tokio, the runtime that most programs use",
        // A try would start it, and a process must not do that before it forks.
        probe: || Ok(()),
        start: || Ok(Rc::new(Tokio::new()?)),
    }
}

struct Tokio {
    runtime: runtime::Runtime,
    tasks: LocalSet,
}

impl Tokio {
    fn new() -> io::Result<Self> {
        Ok(Self {
            runtime: Builder::new_current_thread().enable_all().build()?,
            tasks: LocalSet::new(),
        })
    }
}

impl Runtime for Tokio {
    fn block_on(&self, main: Task<'_>) {
        self.tasks.block_on(&self.runtime, main);
    }

    fn spawn(&self, task: Task<'static>) {
        self.tasks.spawn_local(task);
    }

    fn sleep(&self, time: Duration) -> Task<'static> {
        Box::pin(async move { tokio::time::sleep(time).await })
    }

    fn stream(&self, socket: TcpStream) -> io::Result<Box<dyn Stream>> {
        let _inside = self.runtime.enter();
        socket.set_nonblocking(true)?;
        Ok(Box::new(TokioIo::new(tokio::net::TcpStream::from_std(
            socket,
        )?)))
    }

    fn connect(&self, address: SocketAddr) -> Task<'static, io::Result<Box<dyn Stream>>> {
        Box::pin(async move {
            let socket = tokio::net::TcpStream::connect(address).await?;
            socket.set_nodelay(true)?;
            Ok(Box::new(TokioIo::new(socket)) as _)
        })
    }

    fn watch(&self, descriptor: OwnedFd) -> io::Result<Box<dyn Watch>> {
        let _inside = self.runtime.enter();
        // An `OwnedFd` keeps its descriptor open, which is the only demand of the unsafe function.
        #[allow(deprecated)]
        let descriptor = AsyncFd::with_interest(descriptor, Interest::READABLE)?;
        Ok(Box::new(descriptor))
    }
}

impl Watch for AsyncFd<OwnedFd> {
    fn readable(&self) -> Task<'_, io::Result<()>> {
        Box::pin(async {
            AsyncFd::readable(self).await?.clear_ready();
            Ok(())
        })
    }
}

//! The crates behind smol: `async-executor` for tasks, `async-io` for sockets and timers.

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::os::fd::OwnedFd;
use std::rc::Rc;
use std::time::Duration;

use async_executor::LocalExecutor;
use async_io::{Async, Timer};

use super::adapt::Adapted;
use super::{Kind, Runtime, Stream, Task, Watch};

inventory::submit! {
    Kind {
        name: "smol",
        about: "smol's executor and reactor, small and simple",
        // A try would start its thread, and a process that forks must have only one.
        probe: || Ok(()),
        start: || Ok(Rc::new(Smol(LocalExecutor::new()))),
    }
}

struct Smol(LocalExecutor<'static>);

impl Runtime for Smol {
    fn block_on(&self, main: Task<'_>) {
        async_io::block_on(self.0.run(main));
    }

    fn spawn(&self, task: Task<'static>) {
        self.0.spawn(task).detach();
    }

    fn sleep(&self, time: Duration) -> Task<'static> {
        Box::pin(async move {
            Timer::after(time).await;
        })
    }

    fn stream(&self, socket: TcpStream) -> io::Result<Box<dyn Stream>> {
        Ok(Box::new(Adapted(Async::new(socket)?)))
    }

    fn connect(&self, address: SocketAddr) -> Task<'static, io::Result<Box<dyn Stream>>> {
        Box::pin(async move {
            let socket = Async::<TcpStream>::connect(address).await?;
            socket.get_ref().set_nodelay(true)?;
            Ok(Box::new(Adapted(socket)) as _)
        })
    }

    fn watch(&self, descriptor: OwnedFd) -> io::Result<Box<dyn Watch>> {
        Ok(Box::new(Async::new(descriptor)?))
    }
}

impl Watch for Async<OwnedFd> {
    fn readable(&self) -> Task<'_, io::Result<()>> {
        Box::pin(Async::readable(self))
    }
}

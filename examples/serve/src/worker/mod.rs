//! A process that answers requests, from its fork to its end.

mod connection;
mod counts;
mod door;
mod pulse;
mod request;

use std::cell::Cell;
use std::io;
use std::os::fd::AsFd as _;
use std::rc::Rc;
use std::time::Instant;

use daemon::Signal;
use event_listener::Event;
use futures_util::future::{Either, select};
use rustix::process::{Pid, getppid, set_parent_process_death_signal};

use crate::apps::Answers;
use crate::runtimes::{Runtime, Task, Watch};
use crate::server::{Options, Plan};
use crate::services::{Service as _, Services};
use crate::signals::Signals;
use crate::{Error, logger};

use counts::Counts;
use door::Door;

pub(crate) use counts::now;
pub use request::Peer;

/// The place of a worker: its row of the board, and its generation.
#[derive(Clone, Copy)]
pub(crate) struct Post {
    pub(crate) slot: usize,
    pub(crate) generation: u64,
    pub(crate) parent: Option<Pid>,
}

/// The state that all tasks of a worker share.
struct Worker {
    options: Options,
    runtime: Rc<dyn Runtime>,
    application: Rc<dyn Answers>,
    counts: Counts,
    /// The number of connections.
    open: Cell<u32>,
    /// Signals that a connection has ended.
    closed: Event,
    leaving: Cell<Option<Leaving>>,
    /// Signals that the worker is leaving.
    left: Event,
}

/// The ways in which a worker ends.
#[derive(Clone, Copy)]
struct Leaving {
    since: Instant,
    /// No worker follows. So it answers everything that has arrived at the socket, and then does
    /// not wait for idle clients.
    last: bool,
}

/// Works until a signal ends it, and gives the signal. Reports when it is ready.
pub(crate) fn work(plan: &Plan, post: Post, ready: impl FnOnce()) -> Result<Signal, Error> {
    let signals = prepare(plan, post)?;
    let runtime = Rc::clone(plan.server.runtime()?);
    let mut ended = Ok(Signal::SIGTERM);
    runtime.block_on(Box::pin(async {
        ended = live(plan, post, &runtime, signals, ready).await;
    }));
    ended
}

/// The set-up that needs no runtime.
fn prepare(plan: &Plan, post: Post) -> Result<Signals, Error> {
    use Signal::{SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGUSR2};
    let is_alone = post.parent.is_none();
    // The terminal's keys are for the parent, which then tells its workers.
    let signals = if is_alone {
        Signals::take(&[SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2])
    } else {
        Signals::take(&[SIGTERM, SIGHUP, SIGUSR1, SIGUSR2])
    };
    plan.server.owner()?.drop_privileges()?;
    rustix::thread::set_no_new_privs(true).map_err(io::Error::from)?;
    if !is_alone {
        // Not earlier, because a change of the owner undoes this.
        let term = Some(rustix::process::Signal::TERM);
        set_parent_process_death_signal(term).map_err(io::Error::from)?;
        if getppid() != post.parent {
            return Err(Error::Worker("the parent is gone".to_owned()));
        }
    }
    Ok(signals?)
}

async fn live(
    plan: &Plan,
    post: Post,
    runtime: &Rc<dyn Runtime>,
    signals: Signals,
    ready: impl FnOnce(),
) -> Result<Signal, Error> {
    let watch = runtime.watch(signals.as_fd().try_clone_to_owned()?)?;
    let worker = Rc::new(Worker {
        options: plan.server.options.clone(),
        runtime: Rc::clone(runtime),
        application: Rc::clone(&plan.application),
        counts: Counts::new(plan.server.metrics()?, post)?,
        open: Cell::new(0),
        closed: Event::new(),
        leaving: Cell::new(None),
        left: Event::new(),
    });
    // The application's services first, and the door last. So at the end every accepted request is
    // answered before the application loses its services.
    let services = Services::new("worker");
    for service in plan.application.services() {
        services.add(service.into()).await?;
    }
    let door = Door::new(Rc::clone(&worker), plan.server.listener()?.try_clone()?);
    services.add(Rc::new(door)).await?;
    services.start().await?;
    ready();

    let signal = end(&signals, &*watch).await;
    let last = matches!(signal, Signal::SIGTERM | Signal::SIGINT);
    worker.leave(last);
    let limit = runtime.sleep(worker.options.drain_timeout.0);
    if let Either::Right(_) = select(services.stop(), limit).await {
        log::warn!("{} connections were not done in time", worker.open.get());
    }
    worker.counts.write();
    Ok(signal)
}

/// The signal that ends this worker.
async fn end(signals: &Signals, watch: &dyn Watch) -> Signal {
    loop {
        match signals.next() {
            Some(Signal::SIGUSR2) => logger::reopen(),
            Some(signal) => return signal,
            None => {
                if watch.readable().await.is_err() {
                    return Signal::SIGTERM;
                }
            }
        }
    }
}

impl Worker {
    fn leave(&self, last: bool) {
        let since = Instant::now();
        self.leaving.set(Some(Leaving { since, last }));
        self.left.notify(usize::MAX);
        self.closed.notify(usize::MAX);
    }

    fn is_leaving(&self) -> bool {
        self.leaving.get().is_some()
    }

    fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        let task: Task<'static> = Box::pin(task);
        self.runtime.spawn(task);
    }
}

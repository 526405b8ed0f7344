//! The checks of a running service.
//!
//! Each runs in a process of its own, so that a slow answer keeps the shim from nothing.

use std::io::{self, PipeReader, Read, Write};
use std::os::fd::AsRawFd;
use std::time::{Duration, Instant};

use daemon::process::{self, Fork};
use rustix::process::{Pid, Signal, WaitStatus, kill_process_group, setsid};

use crate::check::Check;
use crate::health::{Failing, Health};
use crate::service::Service;

/// What a process of ours has beyond the limit of its check, before it is killed.
const GRACE: Duration = Duration::from_millis(200);

/// The checks of one process of a service.
#[derive(Debug)]
pub(super) struct Checkup {
    check: Check,
    health: Health,
    next: Instant,
    asking: Option<Asking>,
    /// Until then a failure does not count, unless it was well before.
    young: Instant,
    was_well: bool,
    failing: Option<Failing>,
}

/// A check that waits for its answer.
#[derive(Debug)]
struct Asking {
    process: Pid,
    until: Instant,
    answer: PipeReader,
}

impl Checkup {
    /// The checks of a service that has just started, if it has any.
    pub(super) fn of(service: &Service) -> Option<Self> {
        let health = service.health.clone();
        let now = Instant::now();
        Some(Self {
            check: health.check.clone()?,
            next: now + health.interval,
            asking: None,
            young: now + service.ready_timeout,
            was_well: false,
            failing: None,
            health,
        })
    }

    /// When there is something to do.
    pub(super) fn due(&self) -> Instant {
        let asking = self.asking.as_ref();
        asking.map_or(self.next, |asking| asking.until)
    }

    /// Does what is due.
    pub(super) fn act(&mut self, service: &Service) {
        let now = Instant::now();
        match &self.asking {
            Some(asking) if asking.until <= now => asking.kill(),
            None if self.next <= now => {
                // Without resources there is no answer. That says nothing about the service.
                self.asking = Asking::begin(&self.check, service, self.health.timeout).ok();
                self.next = now + self.health.interval;
            }
            _ => {}
        }
    }

    /// Notes the end of a process. Returns whether it was one of ours, and the checks that fail have
    /// changed.
    pub(super) fn note(&mut self, ended: Pid, status: WaitStatus) -> bool {
        let Some(asking) = self.asking.take_if(|asking| asking.process == ended) else {
            return false;
        };
        self.next = Instant::now() + self.health.interval;
        let before = self.failing.take();
        if status.exit_status() == Some(0) {
            self.was_well = true;
            return before.is_some();
        }
        if !self.was_well && Instant::now() < self.young {
            return false;
        }
        self.failing = Some(Failing {
            count: before.map_or(0, |before| before.count) + 1,
            why: asking.why(self.health.timeout),
        });
        true
    }

    /// The checks that have failed in a row.
    pub(super) fn failing(&self) -> Option<&Failing> {
        self.failing.as_ref()
    }

    /// The reason why the service is not well any more.
    pub(super) fn verdict(&self) -> Option<&str> {
        let failing = self.failing.as_ref()?;
        (failing.count >= self.health.retries).then_some(&failing.why)
    }
}

impl Drop for Checkup {
    fn drop(&mut self) {
        if let Some(asking) = &self.asking {
            asking.kill();
        }
    }
}

impl Asking {
    fn begin(check: &Check, service: &Service, limit: Duration) -> io::Result<Self> {
        let (answer, mut said) = io::pipe()?;
        match process::fork()? {
            Fork::Parent(process) => Ok(Self {
                process,
                until: Instant::now() + limit + GRACE,
                answer,
            }),
            Fork::Child => {
                let mut ask = || -> io::Result<bool> {
                    process::reset_signals()?;
                    // With a command that it runs it can be killed as a group.
                    setsid()?;
                    // The lock of the service is the shim's alone.
                    process::close_all_but(&[0, 1, 2, said.as_raw_fd()])?;
                    let asked = check.ask(service, limit);
                    if let Err(why) = &asked {
                        said.write_all(why.as_bytes())?;
                    }
                    Ok(asked.is_ok())
                };
                process::exit_now(u8::from(!matches!(ask(), Ok(true))))
            }
        }
    }

    fn kill(&self) {
        let _ = kill_process_group(self.process, Signal::KILL);
    }

    /// Why the answer was no. Its process has ended.
    fn why(mut self, limit: Duration) -> String {
        let mut why = String::new();
        match self.answer.read_to_string(&mut why) {
            Ok(1..) => why,
            _ => format!("no answer within {} s", limit.as_secs_f64()),
        }
    }
}

//! The shim: a small process that looks after one service. It starts the service, notices its end,
//! starts it again, stops it with all of its processes, and writes its state.
//!
//! It holds the lock of the service for its whole life, so that its end is visible.

mod adoption;
mod checkup;
mod end;
mod event;
mod launch;
mod logger;
mod next;
mod watch;

use std::time::Instant;

use nix::sys::signalfd::SignalFd;
use rustix::process::{Pid, getpid, set_child_subreaper, setsid};
use rustix::thread::set_name;

use crate::adopted::Adopted;
use crate::events::{Event as Happened, Events, Kind};
use crate::exit::Exit;
use crate::file_watch::FileWatch;
use crate::identity::{Host, Identity};
use crate::kill_point::KillPoint;
use crate::log::logger::Logger;
use crate::mark::Mark;
use crate::notices::Notices;
use crate::paths::Files;
use crate::ready::Ready;
use crate::restarts::Restarts;
use crate::service::Service;
use crate::spawn::Ground;
use crate::stat;
use crate::state::{Phase, State};
use crate::surroundings::Surroundings;
use checkup::Checkup;
use daemon::{Failure, process};
use event::signals;
use next::Next;

pub use adoption::{adopt, background, find};

/// Looks after one service.
pub struct Shim {
    host: Host,
    ground: Ground,
    /// Its files.
    files: Files,
    /// The mark in the environment of the service's processes.
    mark: Mark,
    /// Not here itself, because what is moved on the stack is memory of each shim.
    state: Box<State>,
    signals: SignalFd,
    /// The main process, until it has ended.
    main: Option<Pid>,
    /// Whether a stop was ordered.
    told: bool,
    restarts: Restarts,
    /// The logger, if the service's output goes to its log.
    logger: Option<Logger>,
    /// The processes that another shim started.
    adopted: Option<Adopted>,
    /// The reports of the service that it is ready, if it makes any.
    notices: Option<Notices>,
    /// The checks of its health, while it runs.
    checkup: Option<Checkup>,
    /// The files whose change restarts it.
    file_watch: Option<FileWatch>,
}

impl Shim {
    /// Makes this process the shim of a service. In the background it leads its own session, and
    /// becomes the parent of everything that the service leaves behind.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn new(
        service: Service,
        surroundings: &Surroundings,
        host: &Host,
        files: Files,
        ground: Ground,
    ) -> Result<Self, Failure> {
        let me = Identity::of(getpid(), host).map_err(refused)?;
        let state = Box::new(State::starting(service, surroundings, me));
        let shim = Self::begin(state, host, files, ground)?;
        KillPoint::ShimReady.pass();
        Ok(shim)
    }

    /// Makes this process the shim of a running service whose own shim was killed. The service
    /// keeps the definition that it was started with.
    ///
    /// # Errors
    /// If the system refuses, or the service has ended.
    pub fn adopt(state: State, host: &Host, files: Files) -> Result<Self, Failure> {
        let me = Identity::of(getpid(), host).map_err(refused)?;
        let state = Box::new(State { shim: me, ..state });
        let leader = state.process.clone();
        let mut shim = Self::begin(state, host, files, Ground::Back)?;
        let adopted = leader.map(|leader| Adopted::new(leader, host)).transpose();
        let Some(adopted) = adopted.map_err(refused)?.flatten() else {
            return Err(Failure::because("adopt", "it has ended"));
        };
        shim.main = Pid::from_raw(adopted.leader().pid);
        shim.adopted = Some(adopted);
        shim.logger = shim.adopted_logger();
        shim.state.pipes = shim.logger.as_ref().and_then(Logger::pipes);
        if shim.state.service.ready == Some(Ready::Notify) {
            shim.notices = Notices::of(&shim.state.service, &shim.files.state)?;
        }
        shim.checkup = Checkup::of(&shim.state.service);
        shim.file_watch = FileWatch::of(&shim.state.service.watch, &shim.files.state)
            .ok()
            .flatten();
        // The number of earlier starts is unknown.
        shim.restarts.started(Instant::now());
        let is_daemon = shim.state.phase == Phase::Forked;
        shim.state.enter(if is_daemon {
            Phase::Forked
        } else {
            Phase::Running
        });
        let _ = shim.state.write(&shim.files.state);
        shim.record(Kind::Adopted);
        Ok(shim)
    }

    fn begin(
        state: Box<State>,
        host: &Host,
        files: Files,
        ground: Ground,
    ) -> Result<Self, Failure> {
        let service = &state.service;
        let name = match ground {
            Ground::Back => stat::SHIM,
            Ground::Fore => stat::FOREGROUND_SHIM,
        };
        set_name(name).map_err(|error| refused(error.into()))?;
        if ground == Ground::Back {
            setsid().map_err(|error| refused(error.into()))?;
            process::set_title(&format!("svc shim {}", service.name));
        }
        set_child_subreaper(Some(getpid())).map_err(|error| refused(error.into()))?;
        let signals = signals().map_err(|error| refused(error.into()))?;
        Ok(Self {
            host: host.clone(),
            ground,
            mark: Mark::of(&files.state),
            files,
            state,
            signals,
            main: None,
            told: false,
            restarts: Restarts::default(),
            logger: None,
            adopted: None,
            notices: None,
            checkup: None,
            file_watch: None,
        })
    }

    /// Starts the service for the first time, and gives its process number; none if it starts later
    /// by its schedule.
    ///
    /// # Errors
    /// The step that failed. Then nothing of the service is left.
    pub fn start(&mut self) -> Result<Option<Pid>, Failure> {
        if self.state.service.schedule.is_some() {
            return Ok(None);
        }
        let started = self.launch();
        match &started {
            Ok(_) => KillPoint::ShimStarted.pass(),
            Err(failure) => self.enter(Phase::Failed(failure.to_string())),
        }
        started.map(Some)
    }

    /// The number of the main process, or 0.
    #[must_use]
    pub fn pid(&self) -> i32 {
        self.main.map_or(0, |pid| pid.as_raw_nonzero().get())
    }

    /// Looks after the service until it has ended for good. Gives its last exit.
    #[must_use]
    pub fn keep(mut self) -> Option<Exit> {
        let mut next = match self.main {
            Some(_) => self.after_this_run(),
            None => Next::AtItsTime,
        };
        loop {
            match next {
                Next::Told => return self.state.last_exit,
                Next::Never(phase) => return self.end(phase),
                Next::Now => self.state.restarts += 1,
                Next::Soon(pause) => {
                    self.enter(Phase::Waiting);
                    if !self.pause(pause) {
                        return self.end(Phase::Stopped(false));
                    }
                    self.state.restarts += 1;
                }
                Next::AtItsTime => {
                    self.restarts = Restarts::default();
                    if !self.waits_for_its_time() {
                        return self.end(Phase::Stopped(false));
                    }
                }
            }
            next = match self.launch() {
                Ok(_) => self.after_this_run(),
                Err(failure) => self.after_failure(&failure),
            };
        }
    }

    fn end(&mut self, phase: Phase) -> Option<Exit> {
        self.finish_log();
        self.enter(phase);
        self.state.last_exit
    }

    /// Records that a phase begins. A full disk is no reason to give up the service: a reader sees
    /// an older phase, and whether the processes live.
    fn enter(&mut self, phase: Phase) {
        self.state.enter(phase);
        let _ = self.state.write(&self.files.state);
        if let Some(happened) = Happened::of(&self.state) {
            Events::beside(&self.files.state).record(&happened);
        }
    }

    /// Records something else that happens to the service, for `svc events`.
    fn record(&self, kind: Kind) {
        let happened = Happened::now(&self.state.service.name, kind).pid(self.pid());
        Events::beside(&self.files.state).record(&happened);
    }
}

#[allow(clippy::needless_pass_by_value, reason = "`map_err` gives it so")]
fn refused(error: std::io::Error) -> Failure {
    Failure::new("shim", &error)
}

//! The shim: a small process that looks after one service. It starts the service, notices its end,
//! starts it again, stops it with all of its processes, and writes its state.
//!
//! It holds the lock of the service for its whole life, so that its end is visible.

use std::fs;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use nix::sys::signal::{SigSet, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd, siginfo};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, WaitOptions, getpid, set_child_subreaper, setsid, wait};
use rustix::thread::set_name;

use crate::adopted::Adopted;
use crate::ending::{self, Ending};
use crate::identity::{Host, Identity};
use crate::kill_point::KillPoint;
use crate::log::sink::Logger;
use crate::log::{Log, Stream};
use crate::ready::{Ready, notify_socket};
use crate::restarts::{Restarts, Verdict};
use crate::service::{Output, Service};
use crate::spawn::{Ground, Streams, exit_code, spawn};
use crate::state::{Exit, Phase, State};
use crate::surroundings::Surroundings;
use crate::tree::{self, Mark};
use daemon::{Failure, process};

/// The sender of a signal that no process sent, such as a signal from a terminal.
const SI_KERNEL: i32 = 0x80;

/// The interval between two looks at the processes of an adopted service, whose end no signal
/// reports.
const LOOK: Duration = Duration::from_millis(20);

/// How long the logger of a killed shim may take for the last lines.
const LAST_LINES: Duration = Duration::from_secs(1);

/// Looks after one service.
pub struct Shim {
    host: Host,
    ground: Ground,
    /// The file of the state.
    file: PathBuf,
    /// The mark in the environment of the service's processes.
    mark: Mark,
    state: State,
    signals: SignalFd,
    /// The main process, until it has ended.
    main: Option<Pid>,
    /// Whether a stop was ordered.
    told: bool,
    restarts: Restarts,
    /// The files of its log.
    log: Log,
    /// The logger, if the service's output goes to its log.
    logger: Option<Logger>,
    /// The processes that another shim started.
    adopted: Option<Adopted>,
    /// The socket on which the service reports that it is ready, if it does.
    notices: Option<UnixDatagram>,
}

/// The events that a shim waits for.
enum Event {
    /// Some process of the service ended.
    Child,
    /// A command asks to stop it.
    Stop,
    /// The terminal has sent it to the service and to us.
    Interrupt,
    /// The time is up.
    Time,
}

impl Event {
    /// The meaning of a signal, or `None` if it concerns only the service.
    fn of(signal: &siginfo, ground: Ground) -> Option<Self> {
        let is = |other: Signal| signal.ssi_signo == other as u32;
        let is_of_terminal = ground == Ground::Fore && signal.ssi_code == SI_KERNEL;
        if is(Signal::SIGCHLD) {
            Some(Self::Child)
        } else if is(Signal::SIGQUIT) {
            None
        } else if is(Signal::SIGINT) && is_of_terminal {
            Some(Self::Interrupt)
        } else {
            Some(Self::Stop)
        }
    }
}

impl Shim {
    /// Makes this process the shim of a service. In the background it leads its own session, and
    /// becomes the parent of everything that the service leaves behind.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn new(
        service: Service,
        surroundings: Surroundings,
        host: &Host,
        file: PathBuf,
        log: Log,
        ground: Ground,
    ) -> Result<Self, Failure> {
        let me = Identity::of(getpid(), host).map_err(refused)?;
        let state = State::starting(service, surroundings, me);
        let shim = Self::begin(state, host, file, log, ground)?;
        KillPoint::ShimReady.pass();
        Ok(shim)
    }

    /// Makes this process the shim of a running service whose own shim was killed. The service
    /// keeps the definition that it was started with.
    ///
    /// # Errors
    /// If the system refuses, or the service has ended.
    pub fn adopt(state: State, host: &Host, file: PathBuf, log: Log) -> Result<Self, Failure> {
        let me = Identity::of(getpid(), host).map_err(refused)?;
        let state = State { shim: me, ..state };
        let leader = state.process.clone();
        let mut shim = Self::begin(state, host, file, log, Ground::Back)?;
        let adopted = leader.map(|leader| Adopted::new(leader, host)).transpose();
        let Some(adopted) = adopted.map_err(refused)?.flatten() else {
            return Err(Failure::because("adopt", "it has ended"));
        };
        shim.main = Pid::from_raw(adopted.leader().pid);
        shim.adopted = Some(adopted);
        shim.logger = shim.adopted_logger();
        // The number of earlier starts is unknown.
        shim.restarts.started(Instant::now());
        let is_daemon = shim.state.phase == Phase::Forked;
        shim.enter(if is_daemon {
            Phase::Forked
        } else {
            Phase::Running
        });
        Ok(shim)
    }

    fn begin(
        state: State,
        host: &Host,
        file: PathBuf,
        log: Log,
        ground: Ground,
    ) -> Result<Self, Failure> {
        let service = &state.service;
        let name = match ground {
            Ground::Back => tree::SHIM,
            Ground::Fore => tree::FOREGROUND_SHIM,
        };
        set_name(name).map_err(|error| refused(error.into()))?;
        if ground == Ground::Back {
            setsid().map_err(|error| refused(error.into()))?;
            process::set_title(&format!("svc shim {}", service.name));
        }
        set_child_subreaper(Some(getpid())).map_err(|error| refused(error.into()))?;
        let signals = signals().map_err(|error| refused(error.into()))?;
        let notices = (service.ready == Some(Ready::Notify)).then(|| listen(&notify_socket(&file)));
        let notices = notices.transpose()?;
        Ok(Self {
            host: host.clone(),
            ground,
            mark: Mark::of(&file),
            file,
            state,
            signals,
            main: None,
            told: false,
            restarts: Restarts::default(),
            log,
            logger: None,
            adopted: None,
            notices,
        })
    }

    /// Starts the service for the first time, and gives its process number.
    ///
    /// # Errors
    /// The step that failed. Then nothing of the service is left.
    pub fn start(&mut self) -> Result<Pid, Failure> {
        let started = self.launch();
        match &started {
            Ok(_) => KillPoint::ShimStarted.pass(),
            Err(failure) => self.enter(Phase::Failed(failure.to_string())),
        }
        started
    }

    /// The number of the main process, or 0.
    #[must_use]
    pub fn pid(&self) -> i32 {
        self.main.map_or(0, |pid| pid.as_raw_nonzero().get())
    }

    /// Looks after the service until it has ended for good. Gives its last exit.
    #[must_use]
    pub fn keep(mut self) -> Option<Exit> {
        let mut failed = None;
        loop {
            if failed.is_none() && self.watch() {
                return self.state.last_exit;
            }
            let pause = match (self.verdict(), failed) {
                (Verdict::Again(pause), _) => pause,
                (Verdict::Parked, Some(failure)) => return self.end(Phase::Failed(failure)),
                (Verdict::Parked, None) => return self.end(Phase::Parked),
                (Verdict::Ended, _) => return self.end(Phase::Ended),
            };
            self.enter(Phase::Waiting);
            if self.is_stopped_within(pause) {
                return self.end(Phase::Stopped(false));
            }
            failed = self.restart();
        }
    }

    /// Starts the service again, and gives the failure, if any. A failure counts as one more end,
    /// and is no reason to give up at once, because the program may be about to be replaced.
    fn restart(&mut self) -> Option<String> {
        self.state.restarts += 1;
        let failure = self.launch().err()?;
        self.restarts.started(Instant::now());
        self.state.last_exit = Some(Exit::Code(exit_code(&failure).into()));
        Some(failure.to_string())
    }

    fn launch(&mut self) -> Result<Pid, Failure> {
        self.state.ready = false;
        self.start_logger()?;
        let (host, file, mut state) = (self.host.clone(), self.file.clone(), self.state.clone());
        let record = move || {
            state.process = Some(Identity::of(getpid(), &host)?);
            state.enter(Phase::Starting);
            state.write(&file)?;
            KillPoint::ServiceRecorded.pass();
            Ok(())
        };
        let surroundings = self.state.surroundings.clone().unwrap_or_default();
        let service = &self.state.service;
        let streams = match self.ground {
            Ground::Back => Some(Streams::open(service, self.logger.as_ref())?),
            Ground::Fore => None,
        };
        let pid = spawn(service, &surroundings, &self.file, streams, record)?;
        self.restarts.started(Instant::now());
        self.main = Some(pid);
        // It cannot have ended unseen.
        self.state.process = Identity::of(pid, &self.host).ok();
        self.enter(Phase::Running);
        Ok(pid)
    }

    /// Waits for the end of the service, and ends the rest of it. Returns whether it was stopped.
    fn watch(&mut self) -> bool {
        loop {
            match self.next_event(None) {
                Event::Stop => {
                    KillPoint::ShimStopping.pass();
                    break;
                }
                Event::Interrupt => {
                    self.leave_to_terminal();
                    break;
                }
                Event::Child if self.has_ended() => break,
                Event::Child | Event::Time => {}
            }
        }
        let ending = self.end_all();
        self.adopted = None;
        self.state.process = None;
        KillPoint::ShimReaped.pass();
        if self.told {
            self.finish_log();
            self.enter(Phase::Stopped(ending == Ending::Killed));
        }
        self.told
    }

    /// Gives the service the pause of its profile to end by itself, because the terminal has told
    /// it already. A second order shortens that.
    fn leave_to_terminal(&mut self) {
        self.enter(Phase::Stopping);
        let until = Instant::now() + self.state.service.stop.pause;
        while self.main.is_some() && matches!(self.next_event(Some(until)), Event::Child) {
            self.reap();
        }
    }

    /// Whether the service has ended, and not gone on in another process.
    fn has_ended(&mut self) -> bool {
        self.reap();
        self.main.is_none() && !self.follow()
    }

    /// A service that ends well and leaves one process has made itself a daemon, and that process
    /// becomes the main one. If several are left, the end of one says nothing about the others, and
    /// the next becomes the main one.
    fn follow(&mut self) -> bool {
        let is_daemon = self.state.phase == Phase::Forked;
        if !is_daemon && !self.state.last_exit.is_some_and(Exit::is_success) {
            return false;
        }
        // Again if all of them have just ended, because one may have left us another since.
        while !self.is_alone() {
            let leader = self.adopted.as_ref().map(Adopted::leader);
            let Ok(all) = processes(leader, &self.mark, &self.host) else {
                return false;
            };
            if let Some(successor) = all.into_iter().next() {
                let mut adopted = self.adopted.iter_mut();
                if !adopted.all(|adopted| adopted.follow(&successor, &self.host)) {
                    continue;
                }
                self.main = Pid::from_raw(successor.pid);
                self.state.process = Some(successor);
                self.enter(Phase::Forked);
                return true;
            }
        }
        false
    }

    fn verdict(&mut self) -> Verdict {
        let mut jitter = [0];
        let _ = rustix::rand::getrandom(&mut jitter, rustix::rand::GetRandomFlags::empty());
        let exit = self.state.last_exit.unwrap_or(Exit::Code(0));
        let Service {
            restart, backoff, ..
        } = &self.state.service;
        self.restarts
            .ended(*restart, backoff, exit, Instant::now(), jitter[0])
    }

    /// Ends the rest of the service.
    fn end_all(&mut self) -> Ending {
        if self.is_alone() {
            return Ending::Asked;
        }
        self.enter(Phase::Stopping);
        let profile = self.state.service.stop;
        let (mark, host, main) = (
            self.mark.clone(),
            self.host.clone(),
            self.state.process.clone(),
        );
        let leader = self
            .adopted
            .as_ref()
            .map(|adopted| adopted.leader().clone());
        let ours = || processes(leader.as_ref(), &mark, &host);
        loop {
            let gone_within = |time| Ok(self.is_alone_within(time));
            match ending::end(&profile, &host, main.as_ref(), ours, gone_within) {
                Ok(Ending::Refused(process)) => self.refused_by(process),
                Ok(Ending::Never) | Err(_) => {}
                Ok(ending) => {
                    self.hear();
                    return ending;
                }
            }
            // While it exists we stay, so that nobody starts a second copy. It may end by itself,
            // or we are told to try again.
            while !matches!(self.next_event(None), Event::Stop | Event::Interrupt) {
                if self.is_alone() {
                    return Ending::Asked;
                }
            }
            self.enter(Phase::Stopping);
        }
    }

    /// We may signal our own children, unless they changed their user. Those that are left are the
    /// rest of the service.
    fn refused_by(&mut self, process: Identity) {
        let pid = process.pid;
        self.state.process = Some(process);
        self.enter(Phase::Refused(pid));
    }

    /// Waits until no process of the service is left, at most for this long.
    fn is_alone_within(&mut self, time: Duration) -> bool {
        let until = Instant::now() + time;
        while !self.is_alone() {
            if matches!(self.next_event(Some(until)), Event::Time) {
                return self.is_alone();
            }
        }
        true
    }

    /// Waits for an order to stop, at most for this long.
    fn is_stopped_within(&mut self, time: Duration) -> bool {
        let until = Instant::now() + time;
        loop {
            match self.next_event(Some(until)) {
                Event::Stop | Event::Interrupt => return true,
                Event::Time => return false,
                Event::Child => {}
            }
        }
    }

    /// Notes the orders that have arrived.
    fn hear(&mut self) {
        while !matches!(self.next_event(Some(Instant::now())), Event::Time) {}
    }

    fn next_event(&mut self, until: Option<Instant>) -> Event {
        loop {
            if let Ok(Some(signal)) = self.signals.read_signal() {
                match Event::of(&signal, self.ground) {
                    Some(Event::Child) => return Event::Child,
                    Some(told) => {
                        self.told = true;
                        return told;
                    }
                    None => continue,
                }
            }
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            if left.is_some_and(|left| left.is_zero()) {
                return Event::Time;
            }
            self.wait(left.unwrap_or(Duration::MAX));
            if let Some(logger) = self
                .logger
                .as_ref()
                .filter(|logger| logger.has_ended_unseen())
            {
                self.see_to_logger(logger.pid);
            }
            if self.adopted.as_ref().is_some_and(Adopted::has_ended) {
                return Event::Child;
            }
        }
    }

    /// Waits for a signal, and for the service's report that it is ready.
    fn wait(&mut self, time: Duration) {
        let mut fds = vec![PollFd::new(&self.signals, PollFlags::IN)];
        fds.extend(
            self.notices
                .iter()
                .map(|notices| PollFd::new(notices, PollFlags::IN)),
        );
        let end = self.adopted.as_ref().map(Adopted::end);
        let time = if matches!(end, Some(None)) {
            time.min(LOOK)
        } else {
            time
        };
        let end = end.flatten();
        let logger = self.logger.as_ref().and_then(Logger::end);
        let ends = end.iter().chain(&logger);
        fds.extend(ends.map(|end| PollFd::new(end, PollFlags::IN)));
        let time = Timespec::try_from(time).ok();
        let _ = poll(&mut fds, time.as_ref());
        let Some(notices) = &self.notices else {
            return;
        };
        let mut notice = [0; 4096];
        while let Ok(length) = notices.recv(&mut notice) {
            let mut lines = notice[..length].split(|byte| *byte == b'\n');
            if lines.any(|line| line == b"READY=1") && !self.state.ready {
                self.state.ready = true;
                let _ = self.state.write(&self.file);
            }
        }
    }

    /// Reaps all that have ended. Returns whether nothing of the service is left.
    fn is_alone(&mut self) -> bool {
        let is_childless =
            self.reap() || tree::has_own_child(getpid(), &self.mark).is_ok_and(|has| !has);
        let leader = self.adopted.as_ref().map(Adopted::leader);
        is_childless
            && leader.is_none_or(|leader| {
                processes(Some(leader), &self.mark, &self.host).is_ok_and(|all| all.is_empty())
            })
    }

    /// Reaps all that have ended. Returns whether we have no children any more, not even shims of
    /// services that ours started.
    fn reap(&mut self) -> bool {
        if let Some(exit) = self.adopted.as_mut().and_then(Adopted::take_exit) {
            self.main = None;
            self.state.process = None;
            self.state.last_exit = Some(exit);
        }
        loop {
            match wait(WaitOptions::NOHANG) {
                Ok(Some((pid, status))) if Some(pid) == self.main => {
                    self.main = None;
                    self.state.process = None;
                    self.state.last_exit = Some(Exit::of(status));
                }
                Ok(Some((pid, _))) => self.see_to_logger(pid),
                Ok(None) => return false,
                Err(_) => return true,
            }
        }
    }

    fn end(&mut self, phase: Phase) -> Option<Exit> {
        self.finish_log();
        self.enter(phase);
        self.state.last_exit
    }

    /// Starts the logger, if the service needs one and there is none.
    fn start_logger(&mut self) -> Result<(), Failure> {
        let service = &self.state.service;
        let logs = [&service.stdout, &service.stderr].contains(&&Output::Log);
        if self.logger.is_some() || !logs || self.ground == Ground::Fore {
            return Ok(());
        }
        // The logger of a killed shim ends when nobody writes any more.
        let old = self.state.logger.take();
        if let Some(Ok(Some(old))) = old.map(|old| old.find(&self.host)) {
            let _ = old.ends_within(LAST_LINES);
        }
        let logger = Logger::start(&service.name, self.log.clone(), service.log)?;
        self.state.logger = logger.identity(&self.host);
        self.logger = Some(logger);
        Ok(())
    }

    /// The logger that the killed shim started.
    fn adopted_logger(&self) -> Option<Logger> {
        let service = &self.state.service;
        let outputs = [
            (Stream::Out, &service.stdout),
            (Stream::Err, &service.stderr),
        ];
        let needed = outputs
            .into_iter()
            .filter(|(_, output)| **output == Output::Log);
        let needed: Vec<_> = needed.map(|(stream, _)| stream).collect();
        Logger::adopt(
            self.state.logger.as_ref()?,
            &self.host,
            &service.name,
            self.log.clone(),
            service.log,
            &needed,
        )
    }

    /// Starts the logger again, if it has ended. It never ends by itself.
    fn see_to_logger(&mut self, ended: Pid) {
        if let Some(logger) = self.logger.as_mut().filter(|logger| logger.pid == ended) {
            let _ = logger.again();
            self.state.logger = logger.identity(&self.host);
            let _ = self.state.write(&self.file);
        }
    }

    /// Makes the logger write the rest.
    fn finish_log(&mut self) {
        if let Some(logger) = self.logger.take() {
            logger.finish(&self.host);
        }
    }

    /// Records that a phase begins. A full disk is no reason to give up the service: a reader sees
    /// an older phase, and whether the processes live.
    fn enter(&mut self, phase: Phase) {
        self.state.enter(phase);
        let _ = self.state.write(&self.file);
    }
}

#[allow(clippy::needless_pass_by_value, reason = "`map_err` gives it so")]
fn refused(error: std::io::Error) -> Failure {
    Failure::new("shim", &error)
}

/// All processes of our service. An adopted one has this leader.
fn processes(
    leader: Option<&Identity>,
    mark: &Mark,
    host: &Host,
) -> std::io::Result<Vec<Identity>> {
    match leader {
        Some(leader) => Adopted::processes(leader, mark, host),
        None => tree::looked_after(getpid(), mark, host),
    }
}

fn listen(socket: &Path) -> Result<UnixDatagram, Failure> {
    let _ = fs::remove_file(socket);
    let listening = UnixDatagram::bind(socket).and_then(|notices| {
        notices.set_nonblocking(true)?;
        Ok(notices)
    });
    listening.map_err(|error| Failure::new("notify", &error).at(socket))
}

/// The signals that a shim waits for, which then have no effect by themselves. `SIGQUIT` has none
/// at all: a terminal sends it to the service too, and the shim stays.
fn signals() -> nix::Result<SignalFd> {
    let mut mask = SigSet::empty();
    for signal in [
        Signal::SIGCHLD,
        Signal::SIGTERM,
        Signal::SIGINT,
        Signal::SIGHUP,
        Signal::SIGQUIT,
    ] {
        mask.add(signal);
    }
    mask.thread_block()?;
    SignalFd::with_flags(&mask, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK)
}

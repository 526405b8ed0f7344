//! The parent holds the socket and the workers, and handles signals.
//!
//! `HUP` reads the files again, starts the next generation of workers, and ends the old generation
//! when the new one is ready. `USR1` does the same with the program that is in the file now. `TERM`
//! and `INT` end everything. `USR2` opens the log again. There is always a generation that accepts,
//! and the socket is never closed in between, so no request is lost.

mod child;
mod storm;
mod trial;

use std::collections::BTreeSet;
use std::io;
use std::os::fd::AsFd as _;
use std::path::PathBuf;
use std::time::Instant;

use daemon::{PidLock, Signal};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{self, WaitOptions};

use crate::board::Row;
use crate::handover::{self, Heir};
use crate::server::Plan;
use crate::signals::Signals;
use crate::worker::{Post, now};
use crate::{Error, listener, logger, notify, reload, start};

use child::{Child, State};
use storm::Storm;
use trial::Trial;

pub(crate) struct Parent {
    plan: Plan,
    lock: Option<PidLock>,
    /// The file of this program, or of the program that replaced it.
    program: PathBuf,
    signals: Signals,
    generation: u64,
    workers: Vec<Child>,
    storm: Storm,
    change: Change,
    /// A reload that was asked for during another one.
    again: bool,
}

/// The change that is under way.
enum Change {
    None,
    /// The first generation, without an older one to return to.
    Start,
    /// The generation after this one.
    Reload(Box<Plan>),
    /// The first generation of a new program.
    Upgrade,
    /// A trial of the new program.
    Trial(Trial),
    /// The end, by that signal.
    End(Signal),
}

impl Parent {
    pub(crate) fn new(plan: Plan, program: PathBuf, lock: Option<PidLock>) -> Result<Self, Error> {
        use Signal::{SIGCHLD, SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGUSR2};
        Ok(Self {
            plan,
            lock,
            program,
            signals: Signals::take(&[SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2, SIGCHLD])?,
            generation: 1,
            workers: vec![],
            storm: Storm::default(),
            change: Change::Start,
            again: false,
        })
    }

    /// Goes on with the workers of the program before, until new ones have taken over.
    pub(crate) fn with(mut self, workers: Vec<Heir>) -> Self {
        let newest = workers.iter().map(|worker| worker.generation).max();
        self.generation = newest.unwrap_or(0) + 1;
        self.workers = workers.into_iter().filter_map(Child::adopt).collect();
        self.change = Change::Upgrade;
        self
    }

    /// Runs until a signal ends it. Reports when the first workers are ready.
    pub(crate) fn run(mut self, ready: impl FnOnce()) -> Result<u8, Error> {
        let mut ready = Some(ready);
        self.write_row();
        loop {
            if let Err(error) = self.step() {
                self.abandon();
                return Err(error);
            }
            if let Change::End(signal) = self.change
                && self.workers.is_empty()
            {
                log::info!("stopped");
                drop(self);
                return start::end(signal);
            }
            if !matches!(self.change, Change::Start)
                && let Some(ready) = ready.take()
            {
                ready();
            }
        }
    }

    fn step(&mut self) -> Result<(), Error> {
        self.fill()?;
        self.wait()?;
        while let Some(signal) = self.signals.next() {
            self.obey(signal);
        }
        self.reap()?;
        self.kill_late();
        self.settle();
        Ok(())
    }

    /// Forks the missing workers.
    fn fill(&mut self) -> Result<(), Error> {
        if matches!(self.change, Change::End(_)) {
            return Ok(());
        }
        while self.current().count() < self.plan.server.options.workers.count()
            && self.storm.until().is_none()
        {
            let taken: BTreeSet<_> = self.workers.iter().map(|worker| worker.post.slot).collect();
            let slot = (1..=taken.len()).find(|slot| !taken.contains(slot));
            let slot = slot.unwrap_or(taken.len() + 1);
            let post = Post {
                slot,
                generation: self.generation,
                parent: Some(process::getpid()),
            };
            let (workers, lock) = (&mut self.workers, &mut self.lock);
            // The lock and the reports belong to the parent.
            let close = || {
                workers.clear();
                *lock = None;
            };
            let child = Child::fork(&self.plan, post, close)?;
            self.workers.push(child);
        }
        Ok(())
    }

    /// The workers of this generation that are to stay.
    fn current(&self) -> impl Iterator<Item = &Child> {
        let is_current =
            |worker: &&Child| worker.post.generation == self.generation && !worker.is_ending();
        self.workers.iter().filter(is_current)
    }

    /// Waits for the next event, and reads reports.
    fn wait(&mut self) -> Result<(), Error> {
        let next = self
            .next()
            .map(|next| next.saturating_duration_since(Instant::now()));
        let patience = next.and_then(|next| Timespec::try_from(next).ok());
        let mut sources = vec![PollFd::from_borrowed_fd(
            self.signals.as_fd(),
            PollFlags::IN,
        )];
        let pipes = self.workers.iter().filter_map(Child::pipe);
        sources.extend(pipes.map(|pipe| PollFd::from_borrowed_fd(pipe, PollFlags::IN)));
        rustix::io::retry_on_intr(|| poll(&mut sources, patience.as_ref()))
            .map_err(io::Error::from)?;
        let mut told = sources[1..]
            .iter()
            .map(|source| !source.revents().is_empty());
        let told: Vec<bool> = told.by_ref().collect();
        let starting = self
            .workers
            .iter_mut()
            .filter(|worker| worker.pipe().is_some());
        for (worker, _) in starting.zip(told).filter(|(_, told)| *told) {
            worker.hear();
        }
        Ok(())
    }

    /// The time of the next event that no signal and no report announces.
    fn next(&self) -> Option<Instant> {
        let ends = self.workers.iter().filter_map(|worker| match worker.state {
            State::Ending(end) => Some(end),
            _ => None,
        });
        let trial = match &self.change {
            Change::Trial(trial) => Some(trial.end),
            _ => None,
        };
        ends.chain(self.storm.until()).chain(trial).min()
    }

    fn obey(&mut self, signal: Signal) {
        match signal {
            Signal::SIGTERM | Signal::SIGINT => self.end(signal),
            Signal::SIGHUP => self.reload(),
            Signal::SIGUSR1 => self.try_program(),
            Signal::SIGUSR2 => {
                logger::reopen();
                self.tell(process::Signal::USR2);
            }
            _ => {}
        }
    }

    fn tell(&self, signal: process::Signal) {
        for worker in &self.workers {
            let _ = process::kill_process(worker.pid, signal);
        }
    }

    fn end(&mut self, signal: Signal) {
        let limit = self.plan.server.options.drain_timeout.0;
        if matches!(self.change, Change::End(_)) {
            // A user who presses the key twice means it.
            if signal == Signal::SIGINT {
                self.tell(process::Signal::KILL);
            }
            return;
        }
        log::info!("stopping");
        notify::stopping();
        self.change = Change::End(signal);
        self.plan.server.close_listener();
        for worker in &mut self.workers {
            worker.end(process::Signal::TERM, limit);
        }
    }

    /// Starts the next generation.
    fn reload(&mut self) {
        if !matches!(self.change, Change::None) {
            self.again = true;
            return;
        }
        log::info!("reloading");
        notify::reloading();
        match reload::read(&self.plan.server) {
            Ok(plan) if plan.server.options.workers.count() == 0 => {
                keep("a server with workers can't go on without");
            }
            Ok(plan) => {
                let old = std::mem::replace(&mut self.plan, plan);
                self.change = Change::Reload(Box::new(old));
                self.generation += 1;
                self.storm = Storm::default();
            }
            Err(error) => keep(&error.to_string()),
        }
    }

    /// Tries the program that is in the file now, before this process becomes it.
    fn try_program(&mut self) {
        if !matches!(self.change, Change::None) {
            log::warn!("another change is under way, so the program is not executed");
            return;
        }
        log::info!("trying {}", self.program.display());
        notify::reloading();
        match Trial::start(&self.program) {
            Ok(trial) => self.change = Change::Trial(trial),
            Err(error) => keep(&crate::reason(&error)),
        }
    }

    fn execute(&mut self) {
        let kept = match self.plan.server.kept() {
            Ok(kept) => kept,
            Err(error) => return keep(&error.to_string()),
        };
        log::info!("executing {}", self.program.display());
        let heirs = self.workers.iter().map(Child::heir).collect();
        let lock = self.lock.as_ref().map(|lock| lock.as_fd());
        let error = handover::execute(&self.program, &kept, lock, heirs);
        keep(&crate::reason(&error));
    }

    /// Reaps the children that ended.
    fn reap(&mut self) -> Result<(), Error> {
        while let Ok(Some((pid, status))) = process::wait(WaitOptions::NOHANG) {
            if let Change::Trial(trial) = &self.change
                && trial.is(pid)
            {
                self.change = Change::None;
                match status.exit_status() {
                    Some(0) => self.execute(),
                    _ => self.stay("the program does not run with what the files say"),
                }
                continue;
            }
            let Some(at) = self.workers.iter().position(|worker| worker.pid == pid) else {
                continue;
            };
            let mut worker = self.workers.remove(at);
            worker.hear();
            self.plan.server.metrics()?.retire(worker.post.slot)?;
            self.mourn(&worker, status)?;
        }
        Ok(())
    }

    /// Handles the death of a worker.
    fn mourn(&mut self, worker: &Child, status: process::WaitStatus) -> Result<(), Error> {
        if worker.is_ending() {
            return Ok(());
        }
        let is_current = worker.post.generation == self.generation;
        if let State::Failed(why) = &worker.state {
            let why = format!("worker {} did not start: {why}", worker.pid);
            match std::mem::replace(&mut self.change, Change::None) {
                Change::Start => return Err(Error::Worker(why)),
                Change::Reload(old) if is_current => {
                    self.fall_back(*old);
                    self.stay(&why);
                    return Ok(());
                }
                change => self.change = change,
            }
            log::error!("{why}");
            self.storm.note(None);
        } else if status.exit_status() == Some(0) {
            log::info!("worker {} was told to end", worker.pid);
        } else {
            let how = status.terminating_signal().map_or_else(
                || format!("exit code {}", status.exit_status().unwrap_or(0)),
                |signal| format!("signal {signal}"),
            );
            log::error!("worker {} died ({how})", worker.pid);
            self.storm.note(Some(worker.since));
        }
        Ok(())
    }

    /// Gives up a change. Begins the next one if it was asked for meanwhile.
    fn stay(&mut self, why: &str) {
        keep(why);
        if std::mem::take(&mut self.again) {
            self.reload();
        }
    }

    /// Ends the new generation, and goes on with the old one.
    fn fall_back(&mut self, old: Plan) {
        let failed = self.generation;
        self.plan = old;
        self.generation -= 1;
        let limit = self.plan.server.options.drain_timeout.0;
        for worker in &mut self.workers {
            if worker.post.generation == failed {
                worker.end(process::Signal::HUP, limit);
            }
        }
    }

    fn kill_late(&mut self) {
        let now = Instant::now();
        for worker in &mut self.workers {
            if matches!(worker.state, State::Ending(end) if end <= now) {
                log::warn!("worker {} is killed, as it did not end in time", worker.pid);
                worker.kill();
            }
        }
        if let Change::Trial(trial) = &self.change
            && trial.end <= now
        {
            trial.kill();
        }
    }

    /// Ends the old generation when the new one is complete.
    fn settle(&mut self) {
        let wanted = self.plan.server.options.workers.count();
        let ready = self.current().filter(|worker| worker.is_ready()).count();
        let is_starting = matches!(
            self.change,
            Change::Start | Change::Reload(_) | Change::Upgrade
        );
        if !is_starting || ready < wanted {
            return;
        }
        self.change = Change::None;
        let (generation, options) = (self.generation, &self.plan.server.options);
        for worker in &mut self.workers {
            if worker.post.generation < generation && !worker.is_ending() {
                worker.end(process::Signal::HUP, options.drain_timeout.0);
            }
        }
        self.write_row();
        log::info!(
            "ready, generation {generation}, {wanted} workers on {}",
            listener::address(&self.plan.server)
        );
        notify::ready();
        if std::mem::take(&mut self.again) {
            self.reload();
        }
    }

    /// Writes the parent's row of the board: its id, and the counts of workers that are gone.
    fn write_row(&self) {
        let written = self.plan.server.metrics().and_then(|board| {
            let row = board.read()?.first().copied().unwrap_or_default();
            let since = if row.since == 0 { now() } else { row.since };
            let pid = std::process::id().into();
            let generation = self.generation;
            Ok(board.write(
                0,
                Row {
                    pid,
                    generation,
                    since,
                    ..row
                },
            )?)
        });
        if let Err(error) = written {
            log::warn!("the board can't be written to: {error}");
        }
    }

    /// Ends all workers.
    fn abandon(&mut self) {
        self.tell(process::Signal::KILL);
        for worker in self.workers.drain(..) {
            let _ = process::waitpid(Some(worker.pid), WaitOptions::empty());
        }
    }
}

/// Reports that a change was given up.
fn keep(why: &str) {
    log::error!("all stays as it was: {why}");
    notify::ready();
}

//! A collector at work: one run in each window, in its own thread.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime};
use std::{io, thread};

use crate::collector::{Machine, Moment};
use crate::config::Section;
use crate::metric::unix_time;
use crate::outlet::Outlet;
use crate::repeats::Repeats;
use crate::schedule::{Schedule, Step};
use crate::source::Source;

/// The runs of one collector.
pub struct Rounds {
    name: String,
    shared: Arc<Shared>,
    thread: JoinHandle<()>,
}

struct Shared {
    state: Mutex<State>,
    /// The state has changed.
    news: Condvar,
}

#[derive(Default)]
struct State {
    /// The next section, and the machine to look at.
    next: Option<(Section, Arc<Machine>)>,
    is_over: bool,
    /// The deadline of the present run.
    deadline: Option<Instant>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rounds {
    /// Starts the thread. A repeated message is logged once in the interval.
    ///
    /// # Errors
    /// If there can be no more threads.
    pub fn start(
        source: Source,
        machine: Arc<Machine>,
        outlet: Arc<Outlet>,
        log_interval: Duration,
    ) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            news: Condvar::new(),
        });
        let name = source.name().to_owned();
        let worker = Worker {
            source,
            machine,
            outlet,
            shared: shared.clone(),
            repeats: Repeats::new(log_interval),
        };
        // A small stack is enough, because parsed files are on the heap.
        let thread = thread::Builder::new()
            .name(name.clone())
            .stack_size(256 * 1024);
        let thread = thread.spawn(move || worker.run())?;
        Ok(Self {
            name,
            shared,
            thread,
        })
    }

    /// The collector's name in the configuration.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Uses a new section from the next window on.
    pub fn reload(&self, section: Section, machine: Arc<Machine>) {
        self.shared.lock().next = Some((section, machine));
        self.shared.news.notify_all();
    }

    /// Ends after the present run.
    pub fn stop(&self) {
        self.shared.lock().is_over = true;
        self.shared.news.notify_all();
    }

    /// Whether the thread has ended.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.thread.is_finished()
    }

    /// Logs that a run is late, once for each run.
    pub fn watch(&self) {
        let mut state = self.shared.lock();
        if state
            .deadline
            .is_some_and(|deadline| deadline < Instant::now())
        {
            state.deadline = None;
            log::warn!(target: &self.name, "it takes longer than its window; windows are skipped until it comes back");
        }
    }
}

/// The thread.
struct Worker {
    source: Source,
    machine: Arc<Machine>,
    outlet: Arc<Outlet>,
    shared: Arc<Shared>,
    repeats: Repeats,
}

impl Worker {
    fn run(mut self) {
        let mut schedule = Schedule::new(self.source.settings().interval.0, self.source.splay());
        loop {
            let time = match schedule.step(unix_time(SystemTime::now())) {
                Step::Wait(time) => time,
                // A run that fills its window leaves no time to wait, but changes are noticed.
                Step::Run(window) => {
                    self.collect(window);
                    Duration::ZERO
                }
            };
            let mut state = self.wait(time);
            if state.is_over {
                return;
            }
            if let Some((section, machine)) = state.next.take() {
                drop(state);
                self.reload(&section, machine);
                schedule.set(self.source.settings().interval.0, self.source.splay());
            }
        }
    }

    /// Waits for a change, at most for this long.
    fn wait(&self, time: Duration) -> MutexGuard<'_, State> {
        let nothing = |state: &mut State| state.next.is_none() && !state.is_over;
        let waited = self
            .shared
            .news
            .wait_timeout_while(self.shared.lock(), time, nothing);
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    fn reload(&mut self, section: &Section, machine: Arc<Machine>) {
        self.machine = machine;
        if let Err(faults) = self.source.reload(section) {
            // The section was valid a moment ago.
            for fault in faults {
                log::error!(target: self.source.name(), "{}", fault.message);
            }
        }
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn collect(&mut self, window: f64) {
        let now = Moment {
            time: window as u64,
            ..Moment::now()
        };
        self.shared.lock().deadline = Some(now.instant + self.source.limit());
        let mut notes = vec![];
        match self.source.run(&self.machine, now, &mut notes) {
            Ok(batch) => self.outlet.publish(&batch),
            Err(problem) => notes.push(problem.to_string()),
        }
        self.shared.lock().deadline = None;
        for note in &notes {
            if let Some(line) = self.repeats.line(note, Instant::now()) {
                log::error!(target: self.source.name(), "{line}");
            }
        }
        if notes.is_empty() && self.repeats.clear() {
            log::info!(target: self.source.name(), "it works again");
        }
    }
}

//! A handler's thread, which takes metrics from its queue and sends them.

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use std::{io, thread};

use serde::Deserialize;

use crate::collector::panic_text;
use crate::config::{Fault, Seconds, Section, both};
use crate::handler::AnyHandler;
use crate::kind::kind_of;
use crate::metric::Batch;
use crate::queue::Pieces;
use crate::repeats::Repeats;

/// The settings of every handler, beside those of its kind.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    /// The largest number of waiting metrics.
    queue: NonZeroUsize,
    /// The largest number of metrics in one send.
    batch: Option<NonZeroUsize>,
    /// The time limit of a send, in seconds.
    timeout: Seconds,
    /// The seconds before the next try after a failure, which double …
    retry: Seconds,
    /// … up to this.
    retry_max: Seconds,
}

impl Settings {
    const KEYS: [&str; 5] = ["queue", "batch", "timeout", "retry", "retry_max"];
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            queue: const { NonZeroUsize::new(100_000).unwrap() },
            batch: None,
            timeout: Seconds(15.0),
            retry: Seconds(1.0),
            retry_max: Seconds(60.0),
        }
    }
}

/// The counts of a handler.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stats {
    /// The metrics that were accepted.
    pub sent: u64,
    /// The metrics that are waiting or being sent.
    pub queued: u64,
    /// The metrics that were dropped because the queue was full.
    pub dropped: u64,
    /// The failed sends.
    pub failures: u64,
}

/// A running handler.
pub struct Delivery {
    name: String,
    section: Section,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    state: Mutex<State>,
    /// The state has changed.
    news: Condvar,
}

struct State {
    queue: Pieces,
    on_its_way: usize,
    stats: Stats,
    settings: Settings,
    /// The next handler.
    next: Option<Box<dyn AnyHandler>>,
    stop_at: Option<Instant>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A configured handler that is not running yet.
pub struct Prepared {
    section: Section,
    settings: Settings,
    handler: Box<dyn AnyHandler>,
}

impl Prepared {
    /// Reads a section.
    ///
    /// # Errors
    /// Every mistake in it.
    pub fn new(section: &Section) -> Result<Self, Vec<Fault>> {
        let kind = kind_of::<dyn AnyHandler>(section, "handler").map_err(|fault| vec![fault])?;
        let (common, rest) = section.clone().split(&Settings::KEYS);
        let (settings, handler) = both(common.read(), (kind.make)(&rest))?;
        Ok(Self {
            section: section.clone(),
            settings,
            handler,
        })
    }

    /// Its name in the configuration.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.section.name
    }
}

impl Delivery {
    /// Starts it. A repeated message is logged once in the interval.
    ///
    /// # Errors
    /// If there can be no more threads.
    pub fn start(prepared: Prepared, log_interval: Duration) -> io::Result<Self> {
        let Prepared {
            section,
            settings,
            handler,
        } = prepared;
        let state = State {
            queue: Pieces::default(),
            on_its_way: 0,
            stats: Stats::default(),
            settings,
            next: Some(handler),
            stop_at: None,
        };
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
            news: Condvar::new(),
        });
        let name = section.name.clone();
        let worker = Worker {
            name: name.clone(),
            shared: shared.clone(),
            repeats: Repeats::new(log_interval),
            reported: 0,
            interval: log_interval,
            reported_at: None,
        };
        let thread = thread::Builder::new()
            .name(name.clone())
            .spawn(move || worker.run())?;
        Ok(Self {
            name,
            section,
            shared,
            thread: Some(thread),
        })
    }

    /// Its name in the configuration.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Adds metrics to the queue. It never waits: when the queue is full, the oldest metrics are
    /// dropped.
    pub fn publish(&self, batch: &Arc<Batch>) {
        let mut state = self.shared.lock();
        state.queue.push(batch.clone());
        state.drop_what_is_too_much();
        drop(state);
        self.shared.news.notify_all();
    }

    /// The counts.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let state = self.shared.lock();
        Stats {
            queued: (state.queue.len() + state.on_its_way) as u64,
            ..state.stats
        }
    }

    /// Changes the settings, and keeps the queue.
    pub fn reload(&mut self, prepared: Prepared) {
        if prepared.section == self.section {
            return;
        }
        let Prepared {
            section,
            settings,
            handler,
        } = prepared;
        self.section = section;
        let mut state = self.shared.lock();
        state.settings = settings;
        state.next = Some(handler);
        state.drop_what_is_too_much();
        drop(state);
        self.shared.news.notify_all();
    }

    /// Starts to send the queued metrics, until that time. It does not wait.
    pub fn stop(&self, until: Instant) {
        self.shared.lock().stop_at = Some(until);
        self.shared.news.notify_all();
    }

    /// Waits until it has stopped, if that happens in time.
    pub fn join(mut self, until: Instant) {
        let Some(thread) = self.thread.take() else {
            return;
        };
        while !thread.is_finished() {
            if Instant::now() > until {
                let stats = self.stats();
                log::error!(target: &self.name, "{} metrics are lost: it did not stop in time", stats.queued);
                return;
            }
            thread::sleep(Duration::from_millis(2));
        }
        let _ = thread.join();
    }
}

impl State {
    fn drop_what_is_too_much(&mut self) {
        self.stats.dropped += self.queue.keep_newest(self.settings.queue.get()) as u64;
    }
}

/// The thread.
struct Worker {
    name: String,
    shared: Arc<Shared>,
    repeats: Repeats,
    interval: Duration,
    /// How many dropped metrics were logged, and when.
    reported: u64,
    reported_at: Option<Instant>,
}

impl Worker {
    fn run(mut self) {
        let mut handler: Option<Box<dyn AnyHandler>> = None;
        let mut failures = 0;
        loop {
            let mut state = self.shared.lock();
            while state.queue.is_empty() && state.next.is_none() && state.stop_at.is_none() {
                state = self
                    .shared
                    .news
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner);
            }
            handler = state.next.take().or(handler);
            let Some(sender) = &mut handler else { return };
            if state.queue.is_empty() {
                if state.stop_at.is_some() {
                    drop(state);
                    return self.report_dropped(true);
                }
                continue;
            }
            let now = Instant::now();
            if state.stop_at.is_some_and(|until| until <= now) {
                log::error!(target: &self.name, "{} metrics are lost: they could not be sent until the end", state.queue.len());
                return;
            }
            let most = state
                .settings
                .batch
                .map_or(sender.batch(), NonZeroUsize::get);
            let pieces = state.queue.take(most);
            state.on_its_way = pieces.len();
            let deadline = now + state.settings.timeout.duration();
            let deadline = state.stop_at.map_or(deadline, |until| deadline.min(until));
            drop(state);

            let sent = catch_unwind(AssertUnwindSafe(|| sender.send(&pieces, deadline)));
            let problem = match sent {
                Ok(Ok(())) => None,
                Ok(Err(problem)) => Some(problem.to_string()),
                Err(panic) => Some(panic_text(&*panic)),
            };
            let mut state = self.shared.lock();
            state.on_its_way = 0;
            if let Some(problem) = problem {
                failures += 1;
                state.stats.failures += 1;
                state.queue.put_back(pieces);
                state.drop_what_is_too_much();
                let pause = pause(&state.settings, failures);
                let queued = state.queue.len();
                drop(state);
                if let Some(line) = self.repeats.line(&problem, Instant::now()) {
                    log::error!(target: &self.name, "{line}; {queued} metrics are kept");
                }
                self.report_dropped(false);
                self.wait(pause);
            } else {
                failures = 0;
                state.stats.sent += pieces.len() as u64;
                drop(state);
                if self.repeats.clear() {
                    log::info!(target: &self.name, "it works again");
                }
                self.report_dropped(false);
            }
        }
    }

    /// Waits before the next try, but not beyond the end, and not with an old handler.
    fn wait(&self, pause: Duration) {
        let end = Instant::now() + pause;
        let mut state = self.shared.lock();
        while state.next.is_none() {
            let end = state.stop_at.map_or(end, |until| {
                end.min(until)
                    .min(Instant::now() + Duration::from_millis(100))
            });
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            let waited = self
                .shared
                .news
                .wait_timeout(state, left)
                .unwrap_or_else(PoisonError::into_inner);
            state = waited.0;
            // A daemon that is ending retries soon.
            if state.stop_at.is_some() && waited.1.timed_out() {
                return;
            }
        }
    }

    /// Logs the number of dropped metrics, once in the interval.
    fn report_dropped(&mut self, at_once: bool) {
        let dropped = self.shared.lock().stats.dropped;
        let is_time = self
            .reported_at
            .is_none_or(|at| at.elapsed() >= self.interval);
        if dropped > self.reported && (is_time || at_once) {
            log::warn!(target: &self.name, "{} metrics were dropped: the queue is full", dropped - self.reported);
            self.reported = dropped;
            self.reported_at = Some(Instant::now());
        }
    }
}

/// The time before the next try. It doubles with each failure. A random half of it prevents that a
/// thousand machines come back at the same time.
fn pause(settings: &Settings, failures: u32) -> Duration {
    let whole = settings.retry.0 * 2_f64.powi(failures.min(30).cast_signed() - 1);
    let whole = whole.min(settings.retry_max.0);
    Duration::from_secs_f64(whole * (0.5 + random() / 2.0))
}

/// A number from 0 to 1, from the seeds of std's maps.
fn random() -> f64 {
    use std::hash::{BuildHasher, RandomState};
    let number = RandomState::new().hash_one(Instant::now());
    f64::from((number >> 32) as u32) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_limit_with_jitter() {
        let settings = Settings {
            retry: Seconds(1.0),
            retry_max: Seconds(10.0),
            ..Settings::default()
        };
        for (failures, whole) in [
            (1, 1.0),
            (2, 2.0),
            (3, 4.0),
            (4, 8.0),
            (5, 10.0),
            (500, 10.0),
        ] {
            let pauses: Vec<f64> = (0..50)
                .map(|_| pause(&settings, failures).as_secs_f64())
                .collect();
            assert!(
                pauses
                    .iter()
                    .all(|pause| (whole / 2.0..=whole).contains(pause)),
                "{pauses:?}"
            );
            assert!(
                pauses
                    .iter()
                    .any(|pause| (pause - pauses[0]).abs() > whole / 100.0),
                "{pauses:?}"
            );
        }
    }
}

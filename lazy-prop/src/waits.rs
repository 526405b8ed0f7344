//! Who waits for whom, so that threads and tasks that need each other's values panic, not hang.
//!
//! As databases find deadlocks: before it waits, who computes a value says which values it
//! computes and which one it waits for; and if others wait too, it looks for a way along their
//! waits back to what it computes. In a circle all wait, so the last one finds it. A read that
//! starts while no body runs holds nothing that others need, so it never comes here.
//!
//! The entry of a thread changes under its own lock alone, because first reads make it; those of
//! futures change under the list's, because a future can stop waiting at any time.

use core::sync::atomic::Ordering::{Acquire, Release, SeqCst};
use core::sync::atomic::{AtomicBool, AtomicUsize};
use std::format;
use std::string::String;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread_local;
use std::vec::Vec;

use crate::cycle::{self, Body, shown};

/// All threads that ever waited inside of a body, and all futures that wait inside of one now.
static WAITERS: Mutex<Vec<Arc<Waiter>>> = Mutex::new(Vec::new());

/// How many wait now. Who finds zero closes no circle.
static WAITING: AtomicUsize = AtomicUsize::new(0);

/// A thread or a future that can wait.
struct Waiter {
    is_waiting: AtomicBool,
    wait: Mutex<Wait>,
    /// As messages say it: "on thread `main`".
    place: String,
}

/// What a waiter computes, and what it waits for.
#[derive(Default)]
struct Wait {
    /// The bodies that can't go on before, the innermost last.
    path: Vec<Body>,
    wanted: Body,
    /// Tells this wait from the waiter's others.
    number: u64,
}

impl Waiter {
    fn new(place: String) -> Arc<Self> {
        Arc::new(Self {
            is_waiting: AtomicBool::new(false),
            wait: Mutex::default(),
            place,
        })
    }

    /// The wait waits from now on; whether nobody else does.
    fn start(&self, fill: impl FnOnce(&mut Wait)) -> bool {
        let mut wait = locked(&self.wait);
        fill(&mut wait);
        wait.number += 1;
        drop(wait);
        // The count comes last, so that whoever finds it above zero finds this wait too.
        self.is_waiting.store(true, Release);
        WAITING.fetch_add(1, SeqCst) == 0
    }

    fn stop(&self) {
        if self.is_waiting() {
            self.is_waiting.store(false, Release);
            WAITING.fetch_sub(1, SeqCst);
        }
    }

    fn is_waiting(&self) -> bool {
        self.is_waiting.load(Acquire)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while it holds one of these.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The waiter of a thread, on the list while the thread lives.
struct Thread(Arc<Waiter>);

thread_local! {
    static THREAD: Thread = Thread::new();
}

impl Thread {
    fn new() -> Self {
        let thread = std::thread::current();
        let waiter = Waiter::new(match thread.name() {
            Some(name) => format!("on thread `{name}`"),
            None => "on another thread".into(),
        });
        locked(&WAITERS).push(Arc::clone(&waiter));
        Self(waiter)
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        locked(&WAITERS).retain(|waiter| !Arc::ptr_eq(waiter, &self.0));
    }
}

/// A thread that may wait for a value; it waits until [`over`](Blocked::over), or until this is
/// dropped.
pub(crate) struct Blocked {
    is_listed: bool,
}

impl Blocked {
    /// The thread waits for the value of `cell`, whose body was [entered](cycle::enter) last, or
    /// computes it.
    ///
    /// # Panics
    /// If a thread or task that computes this value waits for one that this thread computes.
    #[inline]
    pub(crate) fn on<C>(cell: &C) -> Self {
        let is_listed = !cycle::is_outer(cycle::address(cell));
        if is_listed {
            Self::list();
        }
        Self { is_listed }
    }

    #[inline(never)]
    fn list() {
        // A thread that is being torn down waits unchecked.
        let circle = THREAD.try_with(|Thread(own)| {
            let is_alone = own.start(|wait| {
                cycle::path(&mut wait.path);
                wait.wanted = wait.path.pop().unwrap_or_default();
            });
            if is_alone {
                return None;
            }
            let circle = circle(&locked(&WAITERS), own);
            if circle.is_some() {
                own.stop();
            }
            circle
        });
        if let Ok(Some(circle)) = circle {
            panic!("{circle}");
        }
    }

    /// It waits no longer: it has the value, or computes it.
    #[inline]
    pub(crate) fn over(&self) {
        if self.is_listed {
            Self::unlist();
        }
    }

    #[inline(never)]
    fn unlist() {
        let _ = THREAD.try_with(|Thread(own)| own.stop());
    }
}

impl Drop for Blocked {
    #[inline]
    fn drop(&mut self) {
        self.over();
    }
}

/// A future that waits, or computes, inside of the body of another value.
#[cfg(feature = "async")]
#[derive(Default)]
pub(crate) struct Suspended(Option<Arc<Waiter>>);

#[cfg(feature = "async")]
impl Suspended {
    /// The future is left while it waits for `wanted`, or computes it.
    ///
    /// Called each time, because a future can be polled inside of one body now and of another, or
    /// of none, later.
    ///
    /// # Panics
    /// If a body that this one runs in computes `wanted`, or waits for one that does.
    pub(crate) fn on(&mut self, wanted: Body) {
        let mut path = Vec::new();
        cycle::path(&mut path);
        if let Some(start) = path.iter().position(|body| body.0 == wanted.0) {
            let way = cycle::way(wanted.1, &path[start + 1..]);
            panic!("a lazy value needs itself: {way}");
        }
        if let Some(own) = &self.0 {
            if locked(&own.wait).path == path {
                return;
            }
        }
        self.over();
        if !path.is_empty() {
            self.list(path, wanted);
        }
    }

    fn list(&mut self, path: Vec<Body>, wanted: Body) {
        let mut waiters = locked(&WAITERS);
        let own = Waiter::new("in another task".into());
        waiters.push(Arc::clone(&own));
        let own = self.0.insert(own);
        let is_alone = own.start(|wait| (wait.path, wait.wanted) = (path, wanted));
        let circle = if is_alone {
            None
        } else {
            circle(&waiters, own)
        };
        drop(waiters);
        if let Some(circle) = circle {
            panic!("{circle}");
        }
    }

    /// The future waits no longer.
    fn over(&mut self) {
        if let Some(own) = self.0.take() {
            let mut waiters = locked(&WAITERS);
            own.stop();
            waiters.retain(|waiter| !Arc::ptr_eq(waiter, &own));
        }
    }
}

#[cfg(feature = "async")]
impl Drop for Suspended {
    fn drop(&mut self) {
        self.over();
    }
}

/// The way from what `own` computes along the waits of others back to it, as a message.
fn circle(waiters: &[Arc<Waiter>], own: &Arc<Waiter>) -> Option<String> {
    let wait = locked(&own.wait);
    let mut search = Search {
        waiters,
        own,
        seen: Vec::new(),
        way: Vec::new(),
    };
    let back = search.from(wait.wanted.0, &wait.path)?;
    // Threads come and go while this one looks; a circle is one only if all of it was there at
    // once. What is in it waits for ever, so a second look finds it as it was.
    if !search.way.iter().all(Step::still_waits) {
        return None;
    }
    let mut text = String::from("a lazy value needs itself: ");
    let start = wait.path.iter().position(|body| body.0 == back)?;
    text += &steps(&wait.path[start..], wait.wanted);
    text += " here";
    for step in &search.way {
        text += ", ";
        text += &step.text;
        text += " ";
        text += &step.waiter.place;
    }
    Some(text)
}

/// A search along the waits; it looks at each waiter once.
struct Search<'w> {
    waiters: &'w [Arc<Waiter>],
    own: &'w Arc<Waiter>,
    seen: Vec<usize>,
    /// The waits on the way so far.
    way: Vec<Step<'w>>,
}

/// One wait on the way.
struct Step<'w> {
    waiter: &'w Waiter,
    number: u64,
    text: String,
}

impl Step<'_> {
    fn still_waits(&self) -> bool {
        self.waiter.is_waiting() && locked(&self.waiter.wait).number == self.number
    }
}

impl Search<'_> {
    /// The cell of `path` that is reached from `cell`.
    fn from(&mut self, cell: usize, path: &[Body]) -> Option<usize> {
        for (position, waiter) in self.waiters.iter().enumerate() {
            if Arc::ptr_eq(waiter, self.own)
                || !waiter.is_waiting()
                || self.seen.contains(&position)
            {
                continue;
            }
            let wait = locked(&waiter.wait);
            let Some(start) = wait.path.iter().position(|body| body.0 == cell) else {
                continue;
            };
            self.seen.push(position);
            self.way.push(Step {
                waiter,
                number: wait.number,
                text: steps(&wait.path[start..], wait.wanted),
            });
            let wanted = wait.wanted.0;
            drop(wait);
            if path.iter().any(|body| body.0 == wanted) {
                return Some(wanted);
            }
            if let Some(back) = self.from(wanted, path) {
                return Some(back);
            }
            self.way.pop();
        }
        None
    }
}

/// `A::a -> A::b -> B::wanted`
fn steps(path: &[Body], wanted: Body) -> String {
    let names = path.iter().chain([&wanted]).map(|body| shown(body.1));
    names.collect::<Vec<_>>().join(" -> ")
}

//! Who waits for whom, so that threads and tasks that need each other's values panic, not hang.
//!
//! As databases find deadlocks: before it waits, who computes a value says which values it
//! computes and which one it waits for; and if others wait too, it looks for a way along their
//! waits back to what it computes. In a circle all wait, so the last one finds it. A read that
//! starts while no body runs holds nothing that others need, so it never comes here.
//!
//! The entry of a thread changes under its own lock alone, because first reads make it; those of
//! futures change under the list's, because a future can stop waiting at any time.

use core::iter;
use core::sync::atomic::Ordering::{Acquire, Release, SeqCst};
use core::sync::atomic::{AtomicBool, AtomicUsize};
use std::format;
use std::string::String;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::vec::Vec;

/// A body that computes a value: the address of the cell, and the name of the value.
pub(crate) type Body = (usize, &'static str);

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

/// A waiter that is on the list while this lives.
pub(crate) struct Listed(Arc<Waiter>);

impl Listed {
    /// The waiter of this thread.
    pub(crate) fn thread() -> Self {
        let thread = std::thread::current();
        let waiter = Waiter::new(match thread.name() {
            Some(name) => format!("on thread `{name}`"),
            None => "on another thread".into(),
        });
        locked(&WAITERS).push(Arc::clone(&waiter));
        Self(waiter)
    }

    /// From now on the thread waits for `wanted`, in the last of the bodies `outer` and `inner`,
    /// until [`over`](Self::over).
    ///
    /// # Errors
    /// The way from `wanted` back to what this thread computes. Then it does not wait.
    pub(crate) fn wait(&self, outer: Body, inner: &[Body], wanted: Body) -> Result<(), String> {
        let Self(own) = self;
        let is_alone = own.start(|wait| {
            wait.path.clear();
            wait.path.push(outer);
            wait.path.extend_from_slice(inner);
            wait.wanted = wanted;
        });
        if is_alone {
            return Ok(());
        }
        let circle = circle(&locked(&WAITERS), own);
        match circle {
            Some(way) => {
                own.stop();
                Err(way)
            }
            None => Ok(()),
        }
    }

    /// The thread waits no longer.
    pub(crate) fn over(&self) {
        self.0.stop();
    }

    /// The waiter of a future, which waits for `wanted` in the last of the bodies of `path`.
    ///
    /// # Errors
    /// The way from `wanted` back to one of them.
    #[cfg(feature = "async")]
    pub(crate) fn task(path: Vec<Body>, wanted: Body) -> Result<Self, String> {
        let listed = Self(Waiter::new("in another task".into()));
        let Self(own) = &listed;
        let mut waiters = locked(&WAITERS);
        waiters.push(Arc::clone(own));
        let is_alone = own.start(|wait| (wait.path, wait.wanted) = (path, wanted));
        let circle = if is_alone {
            None
        } else {
            circle(&waiters, own)
        };
        drop(waiters);
        circle.map_or(Ok(listed), Err)
    }

    /// Whether it waits in the last of these bodies.
    #[cfg(feature = "async")]
    pub(crate) fn is_in(&self, path: &[Body]) -> bool {
        locked(&self.0.wait).path == path
    }
}

impl Drop for Listed {
    fn drop(&mut self) {
        let mut waiters = locked(&WAITERS);
        self.0.stop();
        waiters.retain(|waiter| !Arc::ptr_eq(waiter, &self.0));
    }
}

/// The way from what `own` computes along the waits of others back to it.
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
    let start = wait.path.iter().position(|body| body.0 == back)?;
    let mut text = steps(&wait.path[start..], wait.wanted);
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

/// The way from the value of this name over those that `bodies` compute back to it.
pub(crate) fn way(name: &str, bodies: &[Body]) -> String {
    let names = iter::once(name).chain(bodies.iter().map(|(_, name)| *name));
    let steps = names.flat_map(|name| [shown(name), " -> "]);
    steps.chain([shown(name)]).collect()
}

/// What a message calls the value of this name.
///
/// Looked at here, so that a read of one that has no name does not have to.
pub(crate) fn shown(name: &str) -> &str {
    match name {
        "" => "LazyProperty",
        name => name,
    }
}

/// `A::a -> A::b -> B::wanted`
fn steps(path: &[Body], wanted: Body) -> String {
    let names = path.iter().chain([&wanted]).map(|body| shown(body.1));
    names.collect::<Vec<_>>().join(" -> ")
}

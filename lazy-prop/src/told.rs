//! A host's reports on its properties: counts (feature `stats`) and events (feature `tracing`).
//!
//! Without these features it is nothing, and generated code never asks for it.

#[cfg(feature = "stats")]
use alloc::boxed::Box;
#[cfg(feature = "stats")]
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};
#[cfg(feature = "stats")]
use std::sync::OnceLock;

#[cfg(any(feature = "stats", feature = "tracing"))]
use crate::host::Property;

/// The reports of a host, so far and next.
pub(crate) struct Told {
    /// One for each property, once something is counted.
    #[cfg(feature = "stats")]
    counts: OnceLock<Box<[Count]>>,
    /// The method that clears next.
    #[cfg(feature = "tracing")]
    cause: &'static str,
}

#[cfg(not(any(feature = "stats", feature = "tracing")))]
const _: () = assert!(size_of::<Told>() == 0);

#[cfg(feature = "stats")]
#[derive(Default)]
struct Count {
    calls: AtomicU64,
    computations: AtomicU64,
    clearings: AtomicU64,
}

/// How often a property was computed, read and cleared: an item of [`Lazy::stats`](crate::Lazy::stats).
#[cfg(feature = "stats")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// The name of the property.
    pub property: &'static str,
    /// How often its body began, those times included when it failed.
    pub computations: u64,
    /// How often a reader got a value that was kept, or that another thread or task computed.
    pub reads: u64,
    /// How often a kept value was cleared, by a method or by [`Lazy::clear`](crate::Lazy::clear).
    pub clearings: u64,
}

impl Told {
    pub(crate) const fn new() -> Self {
        Self {
            #[cfg(feature = "stats")]
            counts: OnceLock::new(),
            #[cfg(feature = "tracing")]
            cause: CLEAR,
        }
    }

    /// The method of this name clears next.
    #[cfg(feature = "tracing")]
    pub(crate) fn by(&mut self, cause: &'static str) {
        self.cause = cause;
    }

    /// Each of these properties was cleared.
    #[cfg(any(feature = "stats", feature = "tracing"))]
    #[cfg_attr(not(feature = "tracing"), expect(unused_variables))]
    pub(crate) fn cleared(
        &mut self,
        all: &[Property],
        cleared: impl Iterator<Item = usize>,
        host: &str,
    ) {
        for position in cleared {
            #[cfg(feature = "stats")]
            self.count(all, position, |count| &count.clearings);
            #[cfg(feature = "tracing")]
            tracing::debug!(
                host = short(host),
                property = all[position].name(),
                cause = self.cause,
                "cleared"
            );
        }
        #[cfg(feature = "tracing")]
        self.by(CLEAR);
    }
}

/// The cause of a clearing that no method of the block made.
#[cfg(feature = "tracing")]
const CLEAR: &str = "clear";

#[cfg(feature = "stats")]
impl Told {
    /// The property of this name is read.
    pub(crate) fn called(&self, all: &[Property], name: &str) {
        self.count_named(all, name, |count| &count.calls);
    }

    /// The body of the property of this name begins.
    pub(crate) fn computed(&self, all: &[Property], name: &str) {
        self.count_named(all, name, |count| &count.computations);
    }

    fn count_named(&self, all: &[Property], name: &str, which: fn(&Count) -> &AtomicU64) {
        if let Some(position) = all.iter().position(|property| property.name() == name) {
            self.count(all, position, which);
        }
    }

    fn count(&self, all: &[Property], position: usize, which: fn(&Count) -> &AtomicU64) {
        let new = || all.iter().map(|_| Count::default()).collect();
        which(&self.counts.get_or_init(new)[position]).fetch_add(1, Relaxed);
    }

    pub(crate) fn stats(&self, all: &'static [Property]) -> impl Iterator<Item = Stats> + '_ {
        let counts = self.counts.get().map_or(&[][..], |counts| counts);
        all.iter().enumerate().map(|(position, property)| {
            let counted = |which: fn(&Count) -> &AtomicU64| {
                let count = counts.get(position);
                count.map_or(0, |count| which(count).load(Relaxed))
            };
            let computations = counted(|count| &count.computations);
            Stats {
                property: property.name(),
                computations,
                reads: counted(|count| &count.calls).saturating_sub(computations),
                clearings: counted(|count| &count.clearings),
            }
        })
    }
}

/// A span around the computation of the value that messages call `name`: `Report::words`.
#[cfg(feature = "tracing")]
pub(crate) fn span(name: &'static str) -> tracing::Span {
    if let Some((host, property)) = name.rsplit_once("::") {
        tracing::debug_span!("compute", host, property)
    } else {
        tracing::debug_span!("compute", property = crate::waits::shown(name))
    }
}

/// Runs `body` in the span of its computation.
#[cfg(feature = "tracing")]
pub(crate) fn in_span<R>(name: &'static str, body: impl FnOnce() -> R) -> R {
    span(name).in_scope(body)
}

/// The name of a type without its modules and parameters.
#[cfg(feature = "tracing")]
fn short(type_name: &str) -> &str {
    let name = type_name.split('<').next().unwrap_or(type_name);
    name.rsplit("::").next().unwrap_or(name)
}

//! Properties that expire: `#[lazy(ttl = …)]`.
//!
//! What a reader has can't be taken back when it expires, so each gets a copy or a clone. An
//! expired value is as good as none, unless the property serves it while another reader computes
//! the new one.

use core::any::type_name;
use core::convert::Infallible;
use core::time::Duration;
use std::sync::{Mutex, PoisonError, RwLock, TryLockError};
use std::time::Instant;

use crate::clock::now;
use crate::cycle::{Running, address};
use crate::read::Cell;

/// What a reader gets who finds an expired value that another one is replacing.
#[derive(Clone, Copy, PartialEq)]
pub enum Meanwhile {
    /// The new one: it waits.
    New,
    /// The old one: `stale_while_refresh`.
    Old,
}

/// The cell of a property that expires; `Turn` is the lock of who computes.
pub struct Expiring<T, Turn = Mutex<()>> {
    kept: RwLock<Option<Kept<T>>>,
    pub(crate) turn: Turn,
}

struct Kept<T> {
    value: T,
    /// Nothing is too far away to be said.
    until: Option<Instant>,
}

/// What a reader finds.
pub(crate) enum Found<T> {
    Nothing,
    Expired(T),
    Fresh(T),
}

/// The lock of who computes: a thread's, or a task's.
pub trait Lock {
    /// One that nobody holds.
    const FREE: Self;
}

impl Lock for Mutex<()> {
    const FREE: Self = Self::new(());
}

impl<T, Turn: Lock> Expiring<T, Turn> {
    /// A cell without a value.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            kept: RwLock::new(None),
            turn: Turn::FREE,
        }
    }
}

impl<T, Turn: Lock> Default for Expiring<T, Turn> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T, Turn> Expiring<T, Turn> {
    /// The value, if there is one that has not expired; computes nothing.
    pub fn get(&self) -> Option<T>
    where
        T: Clone,
    {
        match self.find(T::clone) {
            Found::Fresh(value) => Some(value),
            Found::Nothing | Found::Expired(_) => None,
        }
    }

    /// Presets the value for a time.
    ///
    /// # Errors
    /// Gives `value` back if there is one that has not expired.
    pub fn set(&self, value: T, ttl: Duration) -> Result<(), T> {
        if self.is_computed() {
            return Err(value);
        }
        self.keep(value, ttl);
        Ok(())
    }

    /// Clears the value and gives it back, unless it has expired.
    pub fn take(&mut self) -> Option<T> {
        let kept = self.kept.get_mut().unwrap_or_else(PoisonError::into_inner);
        let kept = kept.take()?;
        kept.is_fresh().then_some(kept.value)
    }

    pub(crate) fn find<R>(&self, clone: impl FnOnce(&T) -> R) -> Found<R> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        match &*kept {
            None => Found::Nothing,
            Some(kept) if kept.is_fresh() => Found::Fresh(clone(&kept.value)),
            Some(kept) => Found::Expired(clone(&kept.value)),
        }
    }

    pub(crate) fn keep(&self, value: T, ttl: Duration) {
        let until = now().checked_add(ttl);
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        let old = kept.replace(Kept { value, until });
        // The old value is dropped when others can read again.
        drop(kept);
        drop(old);
    }
}

impl<T> Kept<T> {
    fn is_fresh(&self) -> bool {
        self.until.is_none_or(|until| now() < until)
    }
}

impl<T, Turn> Cell for Expiring<T, Turn> {
    fn is_computed(&self) -> bool {
        matches!(self.find(|_| ()), Found::Fresh(()))
    }

    fn type_name(&self) -> &'static str {
        type_name::<T>()
    }

    fn clear(&mut self) {
        drop(self.take());
    }
}

/// `-> T`; `own` makes a value of the reader's own.
pub fn expiring<V>(
    cell: &Expiring<V>,
    name: &'static str,
    meanwhile: Meanwhile,
    ttl: impl FnOnce() -> Duration,
    body: impl FnOnce() -> V,
    own: impl Fn(&V) -> V,
) -> V {
    let body = || Ok::<V, Infallible>(body());
    let Ok(value) = expiring_ok(cell, name, meanwhile, ttl, body, own);
    value
}

/// `-> Result<T, E>`; an error is not kept.
pub fn expiring_ok<V, E>(
    cell: &Expiring<V>,
    name: &'static str,
    meanwhile: Meanwhile,
    ttl: impl FnOnce() -> Duration,
    body: impl FnOnce() -> Result<V, E>,
    own: impl Fn(&V) -> V,
) -> Result<V, E> {
    let old = match cell.find(&own) {
        Found::Fresh(value) => return Ok(value),
        Found::Expired(value) if meanwhile == Meanwhile::Old => Some(value),
        Found::Expired(_) | Found::Nothing => None,
    };
    let mut running = Running::enter(address(cell), name, true);
    let _turn = match (cell.turn.try_lock(), old) {
        (Ok(turn), _) => turn,
        (Err(TryLockError::Poisoned(poisoned)), _) => poisoned.into_inner(),
        (Err(TryLockError::WouldBlock), Some(old)) => return Ok(old),
        (Err(TryLockError::WouldBlock), None) => {
            drop(running);
            running = Running::wait(address(cell), name);
            let turn = cell.turn.lock().unwrap_or_else(PoisonError::into_inner);
            running.computes();
            turn
        }
    };
    // Another reader may have computed it while this one waited.
    if let Found::Fresh(value) = cell.find(&own) {
        return Ok(value);
    }
    #[cfg(feature = "tracing")]
    let body = || crate::told::in_span(name, body);
    let value = body()?;
    let copy = own(&value);
    cell.keep(value, ttl());
    Ok(copy)
}

//! Properties whose readers never wait: `#[lazy(racing)]`.

use core::any::type_name;
use core::ops::{Deref, DerefMut};
use std::sync::OnceLock;

use crate::read::{Cell, Fill, TryFill};

/// A cell that several threads may fill at once: each runs the body, and all get the value of
/// whoever is first to be done.
#[derive(Debug)]
pub struct Racing<T>(OnceLock<T>);

impl<T> Racing<T> {
    /// A cell without a value.
    #[must_use]
    pub const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// The value of the cell, which is `value` if it comes first.
    fn won_by(&self, value: T) -> &T {
        // Whoever comes second waits no longer than the first one's value takes to be moved in.
        self.0.get_or_init(|| value)
    }
}

impl<T> Default for Racing<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Deref for Racing<T> {
    type Target = OnceLock<T>;

    fn deref(&self) -> &OnceLock<T> {
        &self.0
    }
}

impl<T> DerefMut for Racing<T> {
    fn deref_mut(&mut self) -> &mut OnceLock<T> {
        &mut self.0
    }
}

impl<T> Cell for Racing<T> {
    fn is_computed(&self) -> bool {
        self.0.get().is_some()
    }

    fn type_name(&self) -> &'static str {
        type_name::<T>()
    }

    #[inline]
    fn clear(&mut self) {
        drop(self.0.take());
    }
}

impl<T> Fill for Racing<T> {
    type Value = T;

    // Nobody waits for it.
    const IS_SHARED: bool = false;

    #[inline]
    fn get(&self) -> Option<&T> {
        self.0.get()
    }

    #[inline]
    fn init(&self, body: impl FnOnce() -> T) -> &T {
        self.won_by(body())
    }
}

impl<T> TryFill for Racing<T> {
    #[inline]
    fn try_init<E>(&self, body: impl FnOnce() -> Result<T, E>) -> Result<&T, E> {
        Ok(self.won_by(body()?))
    }
}

//! Reading a property that is awaited: the twins of the functions in [`read`](crate::read).
//!
//! The cell is `async_lock`'s, which knows no runtime: one future computes, the others wait for
//! it, and when it is dropped, the next of them goes on. Here is what it does not know: which
//! values need themselves.

use async_lock::OnceCell;
use core::future::poll_fn;
use core::pin::{Pin, pin};

use crate::cycle::{Body, Running, address};
use crate::read::{ByClone, ByValue, Cell};
use crate::waits::Suspended;

impl<T> Cell for OnceCell<T> {
    #[inline]
    fn clear(&mut self) {
        drop(self.take());
    }
}

/// The value of `cell`, made by `body` if there is none and nobody else makes it.
async fn first<'c, T>(
    cell: &'c OnceCell<T>,
    name: &'static str,
    body: impl AsyncFnOnce() -> T,
) -> &'c T {
    let this = (address(cell), name);
    watched(this, pin!(cell.get_or_init(|| computed(this, body)))).await
}

/// As [`first`]; an error is not kept.
async fn try_first<'c, T, E>(
    cell: &'c OnceCell<T>,
    name: &'static str,
    body: impl AsyncFnOnce() -> Result<T, E>,
) -> Result<&'c T, E> {
    let this = (address(cell), name);
    watched(this, pin!(cell.get_or_try_init(|| computed(this, body)))).await
}

/// What `body` makes, which is known to run while it is polled.
async fn computed<T>(this: Body, body: impl AsyncFnOnce() -> T) -> T {
    let mut body = pin!(body());
    poll_fn(|context| {
        let _running = Running::enter(this.0, this.1, true);
        body.as_mut().poll(context)
    })
    .await
}

/// What `future` gives; while it is pending, others can see that it waits.
async fn watched<T>(this: Body, mut future: Pin<&mut impl Future<Output = T>>) -> T {
    let mut suspended = Suspended::default();
    poll_fn(|context| {
        let poll = future.as_mut().poll(context);
        if poll.is_pending() {
            suspended.on(this);
        }
        poll
    })
    .await
}

/// What `$lend` makes of the value of `$cell`, made by `$body` if there is none yet.
macro_rules! read {
    ($cell:ident, $name:ident, $body:ident, $lend:expr) => {
        match $cell.get() {
            Some(value) => $lend(value),
            None => $lend(first($cell, $name, $body).await),
        }
    };
}

/// `-> T`, `-> &T`
#[inline]
pub async fn lent<'c, K: 'c, R>(
    cell: &'c OnceCell<K>,
    name: &'static str,
    body: impl AsyncFnOnce() -> K,
    lend: impl FnOnce(&'c K) -> R,
) -> R {
    read!(cell, name, body, lend)
}

/// A copy of what is kept, to be handed to [`lent`].
#[must_use]
pub fn copied<V: ByValue>(value: &V) -> V {
    *value
}

/// A clone of what is kept, to be handed to [`lent`].
#[must_use]
pub fn cloned<V: ByClone>(value: &V) -> V {
    value.clone()
}

/// `-> Option<&T>`
#[inline]
pub async fn lent_option<'c, K: 'c, T: ?Sized + 'c>(
    cell: &'c OnceCell<Option<K>>,
    name: &'static str,
    body: impl AsyncFnOnce() -> Option<K>,
    lend: impl FnOnce(&'c K) -> &'c T,
) -> Option<&'c T> {
    read!(cell, name, body, |value: &'c Option<K>| value
        .as_ref()
        .map(lend))
}

/// `-> Result<&T, E>`
#[inline]
pub async fn lent_ok<'c, K: 'c, T: ?Sized + 'c, E>(
    cell: &'c OnceCell<K>,
    name: &'static str,
    body: impl AsyncFnOnce() -> Result<K, E>,
    lend: impl FnOnce(&'c K) -> &'c T,
) -> Result<&'c T, E> {
    match cell.get() {
        Some(value) => Ok(lend(value)),
        None => try_first(cell, name, body).await.map(lend),
    }
}

/// `-> Result<&T, &E>`
#[inline]
pub async fn lent_result<'c, K: 'c, L: 'c, T: ?Sized + 'c, E: ?Sized + 'c>(
    cell: &'c OnceCell<Result<K, L>>,
    name: &'static str,
    body: impl AsyncFnOnce() -> Result<K, L>,
    lend: impl FnOnce(&'c K) -> &'c T,
    lend_error: impl FnOnce(&'c L) -> &'c E,
) -> Result<&'c T, &'c E> {
    read!(cell, name, body, |value: &'c Result<K, L>| {
        value.as_ref().map(lend).map_err(lend_error)
    })
}

/// A value that no call gives, of a type that a body is to return.
#[must_use]
pub fn never<T>() -> T {
    unreachable!()
}

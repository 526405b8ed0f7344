//! Reading a property that is awaited: the twins of the functions in [`read`](crate::read).
//!
//! The cell is `async_lock`'s, which knows no runtime: one future computes, the others wait for
//! it, and when it is dropped, the next of them goes on. Here is what it does not know: which
//! values need themselves.

use alloc::boxed::Box;
use core::any::type_name;
use core::convert::Infallible;
use core::future::poll_fn;
use core::pin::{Pin, pin};
use core::task::{Context, Poll};
use core::time::Duration;

use async_lock::{Mutex, OnceCell};

use crate::cycle::{Running, address};
use crate::expiring::{Expiring, Found, Lock, Meanwhile};
use crate::read::Cell;
use crate::suspended::Suspended;
use crate::waits::Body;

impl<T> Cell for OnceCell<T> {
    fn is_computed(&self) -> bool {
        self.is_initialized()
    }

    fn type_name(&self) -> &'static str {
        type_name::<T>()
    }

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
    #[cfg(feature = "tracing")]
    let span = crate::told::span(this.1);
    poll_fn(|context| {
        #[cfg(feature = "tracing")]
        let _entered = span.enter();
        let _running = Running::enter(this.0, this.1, true);
        body.as_mut().poll(context)
    })
    .await
}

/// What `future` gives; while it is pending, others can see that it waits.
async fn watched<T>(this: Body, mut future: Pin<&mut impl Future<Output = T>>) -> T {
    let mut suspended = Suspended::default();
    poll_fn(|context| {
        let poll = out_of_line(future.as_mut(), context);
        if poll.is_pending() {
            suspended.on(this);
        }
        poll
    })
    .await
}

/// Polls, and keeps out of the accessor what a first read needs.
#[cold]
#[inline(never)]
fn out_of_line<T>(future: Pin<&mut impl Future<Output = T>>, context: &mut Context<'_>) -> Poll<T> {
    future.poll(context)
}

// Each row has two functions. The accessor calls the one that looks for itself, and awaits the other
// one if there is no value: that is on the heap, so that the accessor's future is small, whatever
// the body's is.

/// `-> T`, `-> &T`, of a kept value
#[inline]
pub fn kept<'c, K, R>(cell: &'c OnceCell<K>, lend: impl FnOnce(&'c K) -> R) -> Option<R> {
    cell.get().map(lend)
}

/// `-> T`, `-> &T`
#[cold]
#[inline(never)]
pub fn lent<'c, K: 'c, R>(
    cell: &'c OnceCell<K>,
    name: &'static str,
    body: impl AsyncFnOnce() -> K,
    lend: impl FnOnce(&'c K) -> R,
) -> Pin<Box<impl Future<Output = R>>> {
    Box::pin(async move { lend(first(cell, name, body).await) })
}

/// `-> Option<&T>`, of a kept value
#[inline]
pub fn kept_option<'c, K, T: ?Sized>(
    cell: &'c OnceCell<Option<K>>,
    lend: impl FnOnce(&'c K) -> &'c T,
) -> Option<Option<&'c T>> {
    cell.get().map(|value| value.as_ref().map(lend))
}

/// `-> Option<&T>`
#[cold]
#[inline(never)]
pub fn lent_option<'c, K: 'c, T: ?Sized + 'c>(
    cell: &'c OnceCell<Option<K>>,
    name: &'static str,
    body: impl AsyncFnOnce() -> Option<K>,
    lend: impl FnOnce(&'c K) -> &'c T,
) -> Pin<Box<impl Future<Output = Option<&'c T>>>> {
    Box::pin(async move { first(cell, name, body).await.as_ref().map(lend) })
}

/// `-> Result<&T, E>`, of a kept value
#[inline]
pub fn kept_ok<'c, K, T: ?Sized, E>(
    cell: &'c OnceCell<K>,
    lend: impl FnOnce(&'c K) -> &'c T,
) -> Option<Result<&'c T, E>> {
    cell.get().map(|value| Ok(lend(value)))
}

/// `-> Result<&T, E>`
#[cold]
#[inline(never)]
pub fn lent_ok<'c, K: 'c, T: ?Sized + 'c, E>(
    cell: &'c OnceCell<K>,
    name: &'static str,
    body: impl AsyncFnOnce() -> Result<K, E>,
    lend: impl FnOnce(&'c K) -> &'c T,
) -> Pin<Box<impl Future<Output = Result<&'c T, E>>>> {
    Box::pin(async move { try_first(cell, name, body).await.map(lend) })
}

/// `-> Result<&T, &E>`, of a kept value
#[inline]
pub fn kept_result<'c, K, L, T: ?Sized, E: ?Sized>(
    cell: &'c OnceCell<Result<K, L>>,
    lend: impl FnOnce(&'c K) -> &'c T,
    lend_error: impl FnOnce(&'c L) -> &'c E,
) -> Option<Result<&'c T, &'c E>> {
    let value = cell.get()?;
    Some(value.as_ref().map(lend).map_err(lend_error))
}

/// `-> Result<&T, &E>`
#[cold]
#[inline(never)]
pub fn lent_result<'c, K: 'c, L: 'c, T: ?Sized + 'c, E: ?Sized + 'c>(
    cell: &'c OnceCell<Result<K, L>>,
    name: &'static str,
    body: impl AsyncFnOnce() -> Result<K, L>,
    lend: impl FnOnce(&'c K) -> &'c T,
    lend_error: impl FnOnce(&'c L) -> &'c E,
) -> Pin<Box<impl Future<Output = Result<&'c T, &'c E>>>> {
    Box::pin(async move {
        let value = first(cell, name, body).await;
        value.as_ref().map(lend).map_err(lend_error)
    })
}

/// The cell of an awaited property that expires.
pub type AwaitedExpiring<T> = Expiring<T, Mutex<()>>;

impl Lock for Mutex<()> {
    const FREE: Self = Self::new(());
}

/// `-> T` of a value that expires.
pub async fn expiring<V>(
    cell: &AwaitedExpiring<V>,
    name: &'static str,
    meanwhile: Meanwhile,
    ttl: impl FnOnce() -> Duration,
    body: impl AsyncFnOnce() -> V,
    own: impl Fn(&V) -> V,
) -> V {
    let body = async || Ok::<V, Infallible>(body().await);
    let Ok(value) = expiring_ok(cell, name, meanwhile, ttl, body, own).await;
    value
}

/// `-> Result<T, E>` of a value that expires; an error is not kept.
pub async fn expiring_ok<V, E>(
    cell: &AwaitedExpiring<V>,
    name: &'static str,
    meanwhile: Meanwhile,
    ttl: impl FnOnce() -> Duration,
    body: impl AsyncFnOnce() -> Result<V, E>,
    own: impl Fn(&V) -> V,
) -> Result<V, E> {
    let turn = match cell.find(&own) {
        Found::Fresh(value) => return Ok(value),
        Found::Expired(old) if meanwhile == Meanwhile::Old => match cell.turn.try_lock() {
            Some(turn) => Some(turn),
            None => return Ok(old),
        },
        Found::Expired(_) | Found::Nothing => None,
    };
    let this = (address(cell), name);
    let refresh = async {
        let _turn = match turn {
            Some(turn) => turn,
            None => cell.turn.lock().await,
        };
        // Another task may have computed it while this one waited.
        if let Found::Fresh(value) = cell.find(&own) {
            return Ok(value);
        }
        let value = computed(this, body).await?;
        let copy = own(&value);
        cell.keep(value, ttl());
        Ok(copy)
    };
    watched(this, pin!(refresh)).await
}

/// A value that no call gives, of a type that a body is to return.
#[must_use]
pub fn never<T>() -> T {
    unreachable!()
}

//! Async properties: one task computes, the others wait, under any runtime.

// The tests write what users might, in good style or bad; `lints` is the crate in good style.
#![allow(clippy::style, clippy::complexity)]

mod cancel;
mod circles;
mod expiring;
mod rows;
mod tasks;

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// Is pending once, and wakes its task at once.
async fn pause() {
    let mut paused = false;
    poll_fn(move |context| {
        if std::mem::replace(&mut paused, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Polls a future that nobody wakes.
fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

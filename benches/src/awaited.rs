//! The same host with a value that is awaited, in two hands.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use async_lock::OnceCell;
use lazy_prop::lazy;

use crate::subject::{COUNTS, number, text};

/// What a future gives that has nothing to wait for.
pub(crate) fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!(),
    }
}

#[lazy]
pub(crate) struct Ours {
    seed: u64,
}

#[lazy(sync)]
impl Ours {
    pub(crate) const fn new(seed: u64) -> Self {
        Self { seed }
    }

    #[lazy]
    pub(crate) async fn number(&self) -> u64 {
        number(self.seed)
    }

    #[lazy]
    pub(crate) async fn text(&self) -> &str {
        text()
    }
}

pub(crate) struct ByHand {
    seed: u64,
    number: OnceCell<u64>,
    text: OnceCell<String>,
}

impl ByHand {
    pub(crate) const fn new(seed: u64) -> Self {
        Self {
            seed,
            number: OnceCell::new(),
            text: OnceCell::new(),
        }
    }

    pub(crate) async fn number(&self) -> u64 {
        *self.number.get_or_init(async || number(self.seed)).await
    }

    pub(crate) async fn text(&self) -> &str {
        self.text.get_or_init(async || text()).await
    }
}

const _: () = assert!(size_of::<Ours>() == size_of::<ByHand>() + COUNTS);

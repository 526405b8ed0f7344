//! A future that computes is dropped at each of its await points.

use std::cell::Cell;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use lazy_prop::lazy;

use super::{pause, poll};

const PAUSES: usize = 5;

#[lazy]
#[derive(Default)]
struct Host {
    begun: AtomicUsize,
    ended: AtomicUsize,
}

#[lazy(sync)]
impl Host {
    #[lazy]
    async fn value(&self) -> &str {
        let run = self.begun.fetch_add(1, SeqCst);
        for _ in 0..PAUSES {
            pause().await;
        }
        self.ended.fetch_add(1, SeqCst);
        format!("run {run}")
    }

    #[lazy]
    async fn tried(&self) -> Result<&str, ()> {
        Ok(self.value().await.to_owned())
    }
}

/// Drops the future that computes at its `point`th await; a waiter goes on.
async fn dropped_at(point: usize) {
    let host = Host::default();
    let mut waiting = pin!(host.tried());
    {
        let mut computing = Box::pin(host.tried());
        for _ in 0..=point {
            assert!(poll(computing.as_mut()).is_pending());
        }
        assert!(poll(waiting.as_mut()).is_pending());
        assert_eq!(host.begun.load(SeqCst), 1);
    }
    assert_eq!(host.lazy.value.get(), None);
    assert_eq!(waiting.await, Ok("run 1"));
    assert_eq!(host.tried().await, Ok("run 1"));
    assert_eq!((host.begun.load(SeqCst), host.ended.load(SeqCst)), (2, 1));
}

#[test]
fn the_next_waiter_goes_on_under_tokio() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    for point in 0..PAUSES {
        runtime.block_on(dropped_at(point));
    }
}

#[test]
fn the_next_waiter_goes_on_under_smol() {
    for point in 0..PAUSES {
        smol::block_on(dropped_at(point));
    }
}

#[test]
fn tasks_that_are_aborted_keep_nobody_waiting() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(3)
        .enable_all()
        .build()
        .unwrap();
    for _ in 0..200 {
        let host = Arc::new(Host::default());
        runtime.block_on(async {
            let spawn = || {
                let host = Arc::clone(&host);
                tokio::spawn(async move { host.value().await.to_owned() })
            };
            let aborted: Vec<_> = (0..4).map(|_| spawn()).collect();
            let kept: Vec<_> = (0..4).map(|_| spawn()).collect();
            for task in &aborted {
                tokio::task::yield_now().await;
                task.abort();
            }
            for task in kept {
                task.await.unwrap();
            }
        });
        assert_eq!(host.ended.load(SeqCst), 1);
    }
}

#[test]
fn a_waiter_that_is_dropped_hands_its_turn_on() {
    let host = Host::default();
    let mut computing = Box::pin(host.value());
    let mut second = Box::pin(host.value());
    let mut third = Box::pin(host.value());
    for future in [&mut computing, &mut second, &mut third] {
        assert!(poll(future.as_mut()).is_pending());
    }
    drop(computing);
    drop(second);
    assert_eq!(smol::block_on(third), "run 1");
}

#[test]
fn a_dropped_future_drops_what_its_body_holds() {
    #[lazy]
    struct Holds {
        alive: Rc<Cell<u32>>,
    }

    struct Counted(Rc<Cell<u32>>);

    impl Drop for Counted {
        fn drop(&mut self) {
            self.0.set(self.0.get() - 1);
        }
    }

    #[lazy]
    impl Holds {
        fn new(alive: &Rc<Cell<u32>>) -> Self {
            Self {
                alive: Rc::clone(alive),
            }
        }

        #[lazy]
        async fn value(&self) -> u32 {
            self.alive.set(self.alive.get() + 1);
            let _counted = Counted(Rc::clone(&self.alive));
            pause().await;
            self.alive.get()
        }
    }

    let alive = Rc::default();
    let holds = Holds::new(&alive);
    let mut future = Box::pin(holds.value());
    assert!(poll(future.as_mut()).is_pending());
    assert_eq!(alive.get(), 1);
    drop(future);
    assert_eq!(alive.get(), 0);
}

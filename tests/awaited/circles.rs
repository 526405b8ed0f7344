//! Awaited values that need themselves: a panic that names the way, not a hang.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use lazy_prop::lazy;
use tokio::task::yield_now;

use super::pause;

/// The text of the panic that `future` ends with.
fn panic_of<R>(future: impl Future<Output = R>) -> String {
    let panic = catch_unwind(AssertUnwindSafe(|| smol::block_on(future)));
    *panic.err().expect("a panic").downcast().unwrap()
}

#[lazy]
#[derive(Default)]
struct Square {
    met: AtomicUsize,
}

#[lazy(sync)]
impl Square {
    #[lazy(cycle_ok)]
    async fn itself(&self) -> u32 {
        pause().await;
        Box::pin(self.itself()).await + 1
    }

    #[lazy(cycle_ok)]
    async fn area(&self) -> u32 {
        pause().await;
        self.side().await.pow(2)
    }

    #[lazy(cycle_ok)]
    async fn side(&self) -> u32 {
        pause().await;
        Box::pin(self.area()).await / 2
    }

    #[lazy]
    async fn outer(&self) -> u32 {
        self.plain() + self.area().await
    }

    #[lazy]
    fn plain(&self) -> u32 {
        1
    }

    /// Needs the other in the same task, as the other needs this.
    #[lazy(cycle_ok)]
    async fn left(&self) -> u32 {
        self.meet().await;
        Box::pin(self.right()).await
    }

    #[lazy(cycle_ok)]
    async fn right(&self) -> u32 {
        self.meet().await;
        Box::pin(self.left()).await
    }

    #[lazy]
    async fn both(&self) -> u32 {
        let (left, right) = tokio::join!(self.left(), self.right());
        left + right
    }

    /// Goes on when two are here.
    async fn meet(&self) {
        self.met.fetch_add(1, SeqCst);
        while self.met.load(SeqCst) < 2 {
            yield_now().await;
        }
    }

    #[lazy]
    async fn joined(&self) -> u32 {
        let (half, all) = tokio::join!(self.half(), self.all());
        half + all
    }

    #[lazy]
    async fn half(&self) -> u32 {
        pause().await;
        pause().await;
        1
    }

    #[lazy]
    async fn all(&self) -> u32 {
        pause().await;
        self.half().await * 2
    }
}

const WAY: &str = "a lazy value needs itself: Square::area -> Square::side -> Square::area";

#[test]
fn a_property_that_awaits_itself_panics() {
    assert_eq!(
        panic_of(Square::default().itself()),
        "a lazy value needs itself: Square::itself -> Square::itself"
    );
}

#[test]
fn properties_that_await_each_other_panic_with_the_whole_way() {
    assert_eq!(panic_of(Square::default().area()), WAY);
    assert_eq!(panic_of(Square::default().outer()), WAY);
    let square = Square::default();
    panic_of(square.area());
    assert_eq!(panic_of(square.area()), WAY);
}

#[test]
fn joined_properties_that_await_each_other_panic() {
    let text = panic_of(Square::default().both());
    assert!(
        [
            "a lazy value needs itself: Square::left -> Square::right here, Square::right -> Square::left in another task",
            "a lazy value needs itself: Square::right -> Square::left here, Square::left -> Square::right in another task",
        ]
        .contains(&&*text),
        "{text}"
    );
}

#[test]
fn joined_properties_that_need_one_another_in_no_circle_go_on() {
    assert_eq!(smol::block_on(Square::default().joined()), 3);
}

#[test]
fn two_tasks_that_await_each_other_panic() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .unwrap();
    for _ in 0..100 {
        let square = Arc::new(Square::default());
        let (left, right) = (Arc::clone(&square), Arc::clone(&square));
        runtime.block_on(async move {
            let left = tokio::spawn(async move { left.left().await });
            let right = tokio::spawn(async move { right.right().await });
            let panics = [left.await, right.await].map(|end| {
                let panic = end.unwrap_err().into_panic();
                *panic.downcast::<String>().unwrap()
            });
            for panic in &panics {
                assert!(panic.starts_with("a lazy value needs itself: "), "{panic}");
            }
            let closed = panics.iter().any(|panic| panic.contains(" here, "));
            assert!(closed, "{panics:#?}");
        });
    }
}

#[test]
fn a_thread_and_a_task_that_wait_for_each_other_panic() {
    static MET: AtomicUsize = AtomicUsize::new(0);

    fn meet() {
        MET.fetch_add(1, SeqCst);
        while MET.load(SeqCst) < 2 {
            std::thread::yield_now();
        }
    }

    #[lazy]
    async fn awaited() -> u32 {
        meet();
        blocking()
    }

    #[lazy]
    fn blocking() -> u32 {
        meet();
        smol::block_on(awaited())
    }

    std::thread::scope(|scope| {
        let task = scope.spawn(|| panic_of(awaited()));
        let thread = scope.spawn(|| panic_of(async { blocking() }));
        for panic in [task.join().unwrap(), thread.join().unwrap()] {
            assert!(panic.starts_with("a lazy value needs itself: "), "{panic}");
        }
    });
}

#[test]
fn nothing_is_left_of_a_wait_that_is_over() {
    // Many circles one after another on one heap: an address that is used again is no old one.
    for _ in 0..1_000 {
        let square = Square::default();
        panic_of(square.both());
        assert_eq!(smol::block_on(square.joined()), 3);
    }
}

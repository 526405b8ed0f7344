//! Many tasks, threads and runtimes.

use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use lazy_prop::lazy;

use super::pause;

#[lazy]
#[derive(Default)]
struct Host {
    runs: AtomicUsize,
}

#[lazy(sync)]
impl Host {
    #[lazy]
    async fn text(&self) -> &str {
        let run = self.runs.fetch_add(1, SeqCst);
        for _ in 0..10 {
            pause().await;
        }
        format!("run {run}")
    }

    /// Plain, in the same block.
    #[lazy]
    fn plain(&self) -> usize {
        self.runs.load(SeqCst)
    }

    /// Fails nine times.
    #[lazy]
    async fn tenth(&self) -> Result<&usize, String> {
        let run = self.runs.fetch_add(1, SeqCst);
        pause().await;
        if run < 9 {
            Err(format!("run {run}"))
        } else {
            Ok(run)
        }
    }

    #[lazy]
    async fn shaky(&self) -> usize {
        let run = self.runs.fetch_add(1, SeqCst);
        pause().await;
        assert!(run > 0, "the first run panics");
        run
    }
}

const TASKS: usize = 10_000;

fn on_tokio() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build()
        .unwrap()
}

#[test]
fn ten_thousand_tasks_compute_once_under_tokio() {
    let host = Arc::new(Host::default());
    on_tokio().block_on(async {
        let tasks: Vec<_> = (0..TASKS)
            .map(|_| {
                let host = Arc::clone(&host);
                tokio::spawn(async move { host.text().await.to_owned() })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await.unwrap(), "run 0");
        }
    });
    assert_eq!(host.runs.load(SeqCst), 1);
    assert_eq!(host.plain(), 1);
}

#[test]
fn ten_thousand_tasks_compute_once_under_smol() {
    let host = Arc::new(Host::default());
    smol::block_on(async {
        let tasks: Vec<_> = (0..TASKS)
            .map(|_| {
                let host = Arc::clone(&host);
                smol::spawn(async move { host.text().await.to_owned() })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await, "run 0");
        }
    });
    assert_eq!(host.runs.load(SeqCst), 1);
}

#[test]
fn threads_that_block_on_one_future_each_compute_once() {
    let host = Host::default();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(smol::block_on(host.text()), "run 0"));
        }
    });
    assert_eq!(host.runs.load(SeqCst), 1);
}

#[test]
fn after_an_error_the_next_waiter_computes() {
    let host = Arc::new(Host::default());
    on_tokio().block_on(async {
        let tasks: Vec<_> = (0..100)
            .map(|_| {
                let host = Arc::clone(&host);
                tokio::spawn(async move { host.tenth().await.copied() })
            })
            .collect();
        let mut errors = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(value) => assert_eq!(value, 9),
                Err(_) => errors += 1,
            }
        }
        assert_eq!(errors, 9);
    });
    assert_eq!(host.runs.load(SeqCst), 10);
}

#[test]
fn after_a_panic_the_next_waiter_computes() {
    let host = Arc::new(Host::default());
    on_tokio().block_on(async {
        let tasks: Vec<_> = (0..100)
            .map(|_| {
                let host = Arc::clone(&host);
                tokio::spawn(async move { host.shaky().await })
            })
            .collect();
        let mut panics = 0;
        for task in tasks {
            match task.await {
                Ok(value) => assert_eq!(value, 1),
                Err(error) => {
                    assert!(error.is_panic());
                    panics += 1;
                }
            }
        }
        assert_eq!(panics, 1);
    });
}

/// Whether a value is `Send`: an inherent method, where its bound holds, hides the trait's.
macro_rules! is_send {
    ($value:expr) => {{
        struct IsSend<T>(PhantomData<T>);
        #[allow(dead_code)]
        trait No {
            fn holds(&self) -> bool {
                false
            }
        }
        impl<T> No for IsSend<T> {}
        #[allow(dead_code)]
        impl<T: Send> IsSend<T> {
            fn holds(&self) -> bool {
                true
            }
        }
        fn of<T>(_: T) -> IsSend<T> {
            IsSend(PhantomData)
        }
        of($value).holds()
    }};
}

#[test]
fn the_future_of_a_sync_host_is_send_when_its_values_are() {
    #[lazy]
    struct Of<T> {
        make: fn() -> T,
    }

    #[lazy(sync)]
    impl<T> Of<T> {
        fn new(make: fn() -> T) -> Self {
            Self { make }
        }

        #[lazy]
        async fn value(&self) -> &T {
            pause().await;
            (self.make)()
        }

        #[lazy]
        async fn tried(&self) -> Result<&T, String> {
            pause().await;
            Ok((self.make)())
        }
    }

    let send = Of::new(|| 1);
    assert!(is_send!(send.value()));
    assert!(is_send!(send.tried()));
    assert!(!is_send!(Of::new(|| std::cell::Cell::new(1)).value()));
    assert!(!is_send!(Of::new(|| std::rc::Rc::new(1)).value()));
    assert_eq!(smol::block_on(send.value()), &1);
    assert_eq!(smol::block_on(send.tried()), Ok(&1));
}

//! `#[lazy(sync)]`: one thread computes, the others wait; instances never wait for each other.

use std::marker::PhantomData;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

use lazy_prop::lazy;

#[lazy]
#[derive(Default)]
struct Host {
    runs: AtomicUsize,
}

#[lazy(sync)]
impl Host {
    #[lazy]
    fn value(&self) -> &str {
        let run = self.runs.fetch_add(1, SeqCst);
        thread::yield_now();
        format!("run {run}")
    }

    /// A million bytes that are all the same, so that a torn value would show.
    #[lazy]
    fn large(&self) -> &[u8] {
        vec![u8::try_from(self.runs.fetch_add(1, SeqCst) + 1).unwrap(); 1_000_000]
    }
}

/// The results of `body` on `count` threads that start together.
fn together<R: Send>(count: usize, body: impl Fn() -> R + Sync) -> Vec<R> {
    let barrier = Barrier::new(count);
    thread::scope(|scope| {
        let start = || {
            barrier.wait();
            body()
        };
        let threads: Vec<_> = (0..count).map(|_| scope.spawn(start)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    })
}

#[test]
fn one_thread_computes_and_all_see_it() {
    let host = Host::default();
    let values = together(8, || host.value().to_owned());
    assert_eq!(values, ["run 0"; 8]);
    assert_eq!(host.runs.load(SeqCst), 1);
}

#[test]
fn many_threads_and_many_hosts() {
    let hosts: Vec<_> = (0..1000).map(|_| Host::default()).collect();
    together(16, || {
        hosts
            .iter()
            .for_each(|host| assert_eq!(host.value(), "run 0"))
    });
    assert!(hosts.iter().all(|host| host.runs.load(SeqCst) == 1));
}

#[test]
fn a_reader_sees_nothing_or_the_whole_value() {
    let host = Host::default();
    together(4, || {
        if let Some(kept) = host.lazy.large.get() {
            assert_eq!(kept.len(), 1_000_000);
        }
        let read = host.large();
        assert!(read.len() == 1_000_000 && read.iter().all(|byte| *byte == read[0]));
    });
}

#[lazy]
struct Gate {
    entered: Mutex<Sender<()>>,
    leave: Mutex<Receiver<()>>,
}

#[lazy(sync)]
impl Gate {
    fn new() -> (Arc<Self>, Receiver<()>, Sender<()>) {
        let (entered, has_entered) = channel();
        let (may_leave, leave) = channel();
        let gate = Self {
            entered: Mutex::new(entered),
            leave: Mutex::new(leave),
        };
        (Arc::new(gate), has_entered, may_leave)
    }

    /// Computed between two messages.
    #[lazy]
    fn slow(&self) -> u8 {
        self.entered.lock().unwrap().send(()).unwrap();
        self.leave.lock().unwrap().recv().unwrap();
        1
    }

    #[lazy]
    fn quick(&self) -> u8 {
        2
    }
}

#[test]
fn looking_does_not_wait_for_a_body_that_runs() {
    let (gate, entered, leave) = Gate::new();
    thread::scope(|scope| {
        scope.spawn(|| gate.slow());
        entered.recv().unwrap();
        assert_eq!(gate.lazy.slow.get(), None);
        assert_eq!(gate.lazy.is_computed("slow"), Ok(false));
        leave.send(()).unwrap();
    });
    assert_eq!(gate.lazy.slow.get(), Some(&1));
}

#[test]
fn another_property_and_another_instance_do_not_wait() {
    let (gate, entered, leave) = Gate::new();
    thread::scope(|scope| {
        scope.spawn(|| gate.slow());
        entered.recv().unwrap();
        assert_eq!(gate.quick(), 2);
        let (other, _entered, leave_other) = Gate::new();
        leave_other.send(()).unwrap();
        assert_eq!(other.slow(), 1);
        leave.send(()).unwrap();
    });
}

#[test]
fn when_the_computing_thread_panics_a_waiting_one_computes() {
    #[lazy]
    struct Shaky {
        runs: AtomicUsize,
    }

    #[lazy(sync)]
    impl Shaky {
        fn new() -> Self {
            Self {
                runs: AtomicUsize::new(0),
            }
        }
        #[lazy]
        fn value(&self) -> usize {
            let run = self.runs.fetch_add(1, SeqCst);
            assert!(run > 0, "the first run panics");
            run
        }
    }

    let shaky = Shaky::new();
    let values = together(4, || {
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| shaky.value())).ok()
    });
    assert_eq!(values.iter().filter(|value| value.is_none()).count(), 1);
    assert!(values.iter().flatten().all(|value| *value == 1));
}

/// Whether a type is `Send` and `Sync`: an inherent constant, where its bound holds, hides the
/// trait's.
macro_rules! traits_of {
    ($ty:ty) => {{
        struct IsSend<T>(PhantomData<T>);
        struct IsSync<T>(PhantomData<T>);
        #[allow(dead_code)]
        trait No {
            const HOLDS: bool = false;
        }
        impl<T> No for IsSend<T> {}
        impl<T> No for IsSync<T> {}
        #[allow(dead_code)]
        impl<T: Send> IsSend<T> {
            const HOLDS: bool = true;
        }
        #[allow(dead_code)]
        impl<T: Sync> IsSync<T> {
            const HOLDS: bool = true;
        }
        (IsSend::<$ty>::HOLDS, IsSync::<$ty>::HOLDS)
    }};
}

#[test]
fn a_sync_host_is_send_and_sync_exactly_when_its_values_are() {
    #[lazy]
    struct Of<T> {
        make: fn() -> T,
    }

    #[lazy(sync)]
    impl<T> Of<T> {
        #[lazy]
        fn value(&self) -> &T {
            (self.make)()
        }
        fn new(make: fn() -> T) -> Self {
            Self { make }
        }
    }

    assert_eq!(traits_of!(Of<u8>), (true, true));
    assert_eq!(traits_of!(Of<std::cell::Cell<u8>>), (true, false));
    assert_eq!(traits_of!(Of<std::rc::Rc<u8>>), (false, false));
    assert_eq!(
        traits_of!(Of<std::sync::MutexGuard<'static, u8>>),
        (false, false)
    );
    assert_eq!(*Of::new(|| 1).value(), 1);
}

#[test]
fn an_unsync_host_is_send_and_not_sync() {
    #[lazy]
    struct Plain {}

    #[lazy]
    impl Plain {
        #[lazy]
        fn value(&self) -> u8 {
            1
        }
        fn new() -> Self {
            Self {}
        }
    }

    assert_eq!(traits_of!(Plain), (true, false));
    assert_eq!(Plain::new().value(), 1);
}

#[test]
fn a_parameter_that_no_value_mentions_is_no_hindrance() {
    #[lazy]
    struct With<T> {
        _what: PhantomData<fn() -> T>,
    }

    #[lazy(sync)]
    impl<T> With<T> {
        #[lazy]
        fn value(&self) -> u8 {
            1
        }
        fn new() -> Self {
            Self { _what: PhantomData }
        }
    }

    assert_eq!(traits_of!(With<std::rc::Rc<u8>>), (true, true));
    assert_eq!(With::<std::rc::Rc<u8>>::new().value(), 1);
}

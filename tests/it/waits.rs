//! Threads whose values need each other: a panic with both ways, not a hang.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;

use lazy_prop::lazy;

use super::failure::panic_of;

/// Bodies that wait here go on when so many are there, and always after that.
struct Meeting {
    missing: AtomicUsize,
}

impl Meeting {
    const fn of(count: usize) -> Self {
        Self {
            missing: AtomicUsize::new(count),
        }
    }

    fn wait(&self) {
        let _ = self
            .missing
            .fetch_update(SeqCst, SeqCst, |missing| missing.checked_sub(1));
        while self.missing.load(SeqCst) > 0 {
            thread::yield_now();
        }
    }
}

/// What each of these does on a thread of its own, named `t0`, `t1`, …, panics with.
fn panics_of(bodies: &[fn() -> u32]) -> Vec<String> {
    thread::scope(|scope| {
        let spawn = |(at, body): (usize, &fn() -> u32)| {
            let body = *body;
            let thread = thread::Builder::new().name(format!("t{at}"));
            thread.spawn_scoped(scope, move || panic_of(body)).unwrap()
        };
        let threads: Vec<_> = bodies.iter().enumerate().map(spawn).collect();
        let joined = threads.into_iter().map(|thread| thread.join().unwrap());
        joined.collect()
    })
}

/// That one of `panics` is one of `ways`, and that all say the same of themselves.
fn assert_circle(panics: &[String], ways: &[&str]) {
    let has_way = panics.iter().any(|panic| ways.contains(&panic.as_str()));
    assert!(has_way, "{panics:#?}");
    for panic in panics {
        assert!(panic.starts_with("a lazy value needs itself: "), "{panic}");
    }
}

#[test]
fn two_hosts_that_need_each_other_from_two_threads_panic_with_both_ways() {
    static HOSTS: [Half; 2] = [Half::new(1), Half::new(0)];
    static MEETING: Meeting = Meeting::of(2);

    #[lazy]
    struct Half {
        other: usize,
    }

    #[lazy(sync)]
    impl Half {
        const fn new(other: usize) -> Self {
            Self { other }
        }

        #[lazy]
        fn left(&self) -> u32 {
            MEETING.wait();
            self.step() + 1
        }

        #[lazy]
        fn step(&self) -> u32 {
            HOSTS[self.other].right()
        }

        #[lazy]
        fn right(&self) -> u32 {
            MEETING.wait();
            HOSTS[self.other].left()
        }
    }

    let panics = panics_of(&[|| HOSTS[0].left(), || HOSTS[1].right()]);
    assert_circle(
        &panics,
        &[
            "a lazy value needs itself: Half::left -> Half::step -> Half::right here, Half::right -> Half::left on thread `t1`",
            "a lazy value needs itself: Half::right -> Half::left here, Half::left -> Half::step -> Half::right on thread `t0`",
        ],
    );
}

#[test]
fn three_threads_close_a_circle() {
    static RING: [Ring; 3] = [Ring::new(1), Ring::new(2), Ring::new(0)];
    static MEETING: Meeting = Meeting::of(3);

    #[lazy]
    struct Ring {
        next: usize,
    }

    #[lazy(sync)]
    impl Ring {
        const fn new(next: usize) -> Self {
            Self { next }
        }

        /// A `Result`, so that its cell is `once_cell`'s.
        #[lazy]
        fn value(&self) -> Result<&u32, String> {
            MEETING.wait();
            RING[self.next].value().copied()
        }
    }

    let panics = panics_of(&[
        || *RING[0].value().unwrap(),
        || *RING[1].value().unwrap(),
        || *RING[2].value().unwrap(),
    ]);
    let closed = panics
        .iter()
        .find(|panic| panic.matches("on thread").count() == 2);
    let closed = closed.unwrap_or_else(|| panic!("{panics:#?}"));
    assert_eq!(
        closed.matches("Ring::value -> Ring::value").count(),
        3,
        "{closed}"
    );
}

#[test]
fn lazy_functions_that_need_each_other_panic() {
    static MEETING: Meeting = Meeting::of(2);

    #[lazy]
    fn first() -> u32 {
        MEETING.wait();
        second()
    }

    #[lazy]
    fn second() -> u32 {
        MEETING.wait();
        first()
    }

    let panics = panics_of(&[|| first(), || second()]);
    assert_circle(
        &panics,
        &[
            "a lazy value needs itself: first -> second here, second -> first on thread `t1`",
            "a lazy value needs itself: second -> first here, first -> second on thread `t0`",
        ],
    );
}

#[test]
fn threads_that_wait_for_each_other_in_no_circle_go_on() {
    static DONE: OnceLock<()> = OnceLock::new();
    static MEETING: Meeting = Meeting::of(2);

    #[lazy]
    fn slow() -> u32 {
        MEETING.wait();
        DONE.wait();
        1
    }

    #[lazy]
    fn waits() -> u32 {
        slow() + 1
    }

    #[lazy]
    fn other() -> u32 {
        2
    }

    thread::scope(|scope| {
        scope.spawn(slow);
        MEETING.wait();
        let waiting = scope.spawn(waits);
        // A first read in a body, while another thread waits.
        #[lazy]
        fn free() -> u32 {
            other() + 1
        }
        assert_eq!(free(), 3);
        DONE.set(()).unwrap();
        assert_eq!(waiting.join().unwrap(), 2);
    });
}

//! What is measured: reads of one number, each way to keep it doing the same work.

use std::hint::black_box;

/// One way to keep a number that was computed once.
#[derive(Clone, Copy)]
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    /// Reads a number that is there.
    pub(crate) read: Work,
    /// Reads the number of a new host. Stores that belong to the program have no such thing.
    pub(crate) first: Option<Work>,
}

/// Work that is done over and over, as often as is asked.
#[derive(Clone, Copy)]
pub(crate) struct Work {
    /// By a function that is called, so that the surroundings change nothing: what is counted.
    pub(crate) run: fn(u32),
    /// By one that can be inlined, as in a program: what is timed.
    pub(crate) inlined: fn(u32),
    /// All of it but that which is measured: the loop, the host, the body.
    pub(crate) rest: fn(u32),
}

/// The body, which is out of line for all, so that what it takes can be told from the rest.
#[inline(never)]
pub(crate) fn number(seed: u64) -> u64 {
    black_box(seed)
}

/// The same for a text; an empty one, for that takes no memory to be had from somewhere.
#[inline(never)]
pub(crate) fn text() -> String {
    black_box(String::new())
}

/// Reads of a `$host`.
///
/// The host goes through `black_box` each time: the compiler can't know what a read finds. So does
/// what is read: it has to be there.
#[macro_export]
macro_rules! reads {
    ($host:ty, $new:expr, $read:expr) => {{
        use std::hint::black_box;
        #[inline(never)]
        fn read(host: &$host) -> u64 {
            $read(host)
        }
        $crate::reads!(@ $host, $new, $read, read, |_: &$host| 1)
    }};
    ($host:ty, $new:expr, $read:expr, &str) => {{
        use std::hint::black_box;
        #[inline(never)]
        fn read(host: &$host) -> &str {
            $read(host)
        }
        $crate::reads!(@ $host, $new, $read, read, |_: &$host| "")
    }};
    (@ $host:ty, $new:expr, $read:expr, $called:ident, $rest:expr) => {
        $crate::subject::Work {
            run: |times| {
                let host = $new;
                black_box($called(&host));
                for _ in 0..times {
                    black_box($called(black_box(&host)));
                }
            },
            inlined: |times| {
                let host = $new;
                black_box($read(&host));
                for _ in 0..times {
                    black_box($read(black_box(&host)));
                }
            },
            rest: |times| {
                let host = $new;
                for _ in 0..times {
                    black_box($rest(black_box(&host)));
                }
            },
        }
    };
}

/// As [`reads`], of a new host each time.
#[macro_export]
macro_rules! first_reads {
    ($host:ty, $new:expr, $read:expr) => {{
        use std::hint::black_box;
        #[inline(never)]
        fn read(host: &$host) -> u64 {
            $read(host)
        }
        $crate::first_reads!(@ $host, $new, $read, read, $crate::subject::number(1))
    }};
    ($host:ty, $new:expr, $read:expr, &str) => {{
        use std::hint::black_box;
        #[inline(never)]
        fn read(host: &$host) -> &str {
            $read(host)
        }
        $crate::first_reads!(@ $host, $new, $read, read, $crate::subject::text())
    }};
    (@ $host:ty, $new:expr, $read:expr, $called:ident, $body:expr) => {
        $crate::subject::Work {
            run: |times| {
                for _ in 0..times {
                    let host = $new;
                    black_box($called(black_box(&host)));
                }
            },
            inlined: |times| {
                for _ in 0..times {
                    let host = $new;
                    black_box($read(black_box(&host)));
                }
            },
            rest: |times| {
                for _ in 0..times {
                    let host = $new;
                    black_box($body);
                    black_box(&host);
                }
            },
        }
    };
}

/// Calls of a setter on one `$host`.
#[macro_export]
macro_rules! setters {
    ($host:ty, $new:expr, $set:expr) => {{
        use std::hint::black_box;
        #[inline(never)]
        fn set(host: &mut $host, value: u64) -> u64 {
            $set(host, value)
        }
        $crate::subject::Work {
            run: |times| {
                let mut host = $new;
                for _ in 0..times {
                    black_box(set(black_box(&mut host), 1));
                }
            },
            inlined: |times| {
                let mut host = $new;
                for _ in 0..times {
                    black_box($set(black_box(&mut host), 1));
                }
            },
            rest: |times| {
                let mut host = $new;
                for _ in 0..times {
                    black_box(1);
                    black_box(&mut host);
                }
            },
        }
    }};
}

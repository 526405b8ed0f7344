//! The measured work: reads of one number that each crate keeps in its own way.

use std::hint::black_box;

/// One way to keep a number that was computed once.
#[derive(Clone, Copy)]
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    /// Reads a kept number.
    pub(crate) read: Work,
    /// Reads the number of a new host. A store of the whole program has no first read.
    pub(crate) first: Option<Work>,
}

/// Work that runs as often as it is asked.
#[derive(Clone, Copy)]
pub(crate) struct Work {
    /// In a function that is called, so that the code around it changes nothing. It is counted.
    pub(crate) run: fn(u32),
    /// In a function that can be inlined, as in a program. It is timed.
    pub(crate) inlined: fn(u32),
    /// Everything except the measured read: the loop, the host, the body.
    pub(crate) rest: fn(u32),
}

/// The body, out of line everywhere, so that its cost can be subtracted.
#[inline(never)]
pub(crate) fn number(seed: u64) -> u64 {
    black_box(seed)
}

/// The same for a text. It is empty, so that it allocates nothing.
#[inline(never)]
pub(crate) fn text() -> String {
    black_box(String::new())
}

/// Reads of a `$host`.
///
/// The host goes through `black_box` each time, so that the compiler cannot know what a read finds. The
/// result does too, so that the compiler must produce it.
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

/// The same as [`reads`], of a new host each time.
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

/// What the features `stats` and `tracing` add to a host, where another package of the build asks
/// for them; else nothing.
pub(crate) const COUNTS: usize = size_of::<Empty>();

struct Empty(lazy_prop::Lazy<Self>);

#[lazy_prop::lazy(field = 0)]
impl Empty {}

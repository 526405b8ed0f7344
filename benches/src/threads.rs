//! Table: several threads that read one host.

use std::hint::black_box;
use std::sync::Barrier;
use std::thread;
use std::time::Instant;

use crate::hosts::sync;
use crate::peers::{Cached, FieldxSync, memoized_shared};
use crate::table::{Column, Table};
use crate::timer::median;

const THREADS: [usize; 3] = [1, 8, 16];
const ROUNDS: u32 = 15;

/// A name, a host for all threads, and how they read it.
struct Shared<'h> {
    name: &'static str,
    read: Box<dyn Fn(u32) + Sync + 'h>,
    /// The reads of a thread in one round. A lock that many threads want is slow, so it gets fewer.
    times: u32,
}

fn shared<'h, H: Sync + 'h>(
    name: &'static str,
    times: u32,
    host: H,
    read: fn(&H) -> u64,
) -> Shared<'h> {
    let read = move |times| {
        for _ in 0..times {
            black_box(read(black_box(&host)));
        }
    };
    Shared {
        name,
        read: Box::new(read),
        times,
    }
}

pub(crate) fn measure() -> Table {
    let contenders = [
        shared(
            "#[lazy(sync)]",
            1_000_000,
            sync::Ours::new(1),
            sync::Ours::number,
        ),
        shared(
            "by hand, std OnceLock",
            1_000_000,
            sync::ByHand::new(1),
            sync::ByHand::number,
        ),
        shared(
            "by hand, once_cell sync",
            1_000_000,
            sync::Other::new(1),
            sync::Other::number,
        ),
        shared(
            "fieldx, sync",
            1_000_000,
            FieldxSync::new(),
            FieldxSync::number,
        ),
        shared(
            "cached, in_impl",
            20_000,
            Cached { seed: 1 },
            Cached::number,
        ),
        shared("memoize, shared", 20_000, 1, |seed: &u64| {
            memoized_shared(*seed)
        }),
    ];
    let columns = THREADS.map(|threads| {
        let s = if threads == 1 { "" } else { "s" };
        Column::new(&format!("ns, {threads} thread{s}"), 2)
    });
    let mut table = Table::new(
        "threads",
        "A read of one sync host, all threads together",
        &columns,
    );
    let mut columns = Vec::new();
    for threads in THREADS {
        eprintln!("reading with {threads} threads");
        let rounds: Vec<Vec<f64>> = (0..ROUNDS)
            .map(|_| {
                contenders
                    .iter()
                    .map(|contender| nanoseconds(contender, threads))
                    .collect()
            })
            .collect();
        columns.push(rounds);
    }
    for (at, contender) in contenders.iter().enumerate() {
        let values = columns
            .iter()
            .map(|rounds| Some(median(rounds.iter().map(|round| round[at]))));
        table.row(contender.name, values);
    }
    table
}

/// The time from the first read to the last, divided by the number of reads.
fn nanoseconds(contender: &Shared<'_>, threads: usize) -> f64 {
    let barrier = Barrier::new(threads);
    let read = || {
        barrier.wait();
        let start = Instant::now();
        (contender.read)(contender.times);
        (start, Instant::now())
    };
    let spans: Vec<_> = thread::scope(|scope| {
        let readers: Vec<_> = (0..threads).map(|_| scope.spawn(read)).collect();
        let joined = readers
            .into_iter()
            .map(|reader| reader.join().expect("reading does not panic"));
        joined.collect()
    });
    let start = spans.iter().map(|span| span.0).min();
    let end = spans.iter().map(|span| span.1).max();
    let elapsed = end
        .zip(start)
        .map_or(0.0, |(end, start)| (end - start).as_secs_f64());
    let threads = u32::try_from(threads).expect("there are few threads");
    elapsed * 1e9 / f64::from(contender.times) / f64::from(threads)
}

//! Table: reads and first reads of a number, beside what people would use instead.

use crate::hosts::{sync, unsync};
use crate::peers::{Cached, Fieldx, FieldxSync, StructCacheField, memoized, memoized_shared};
use crate::subject::{Subject, Work};
use crate::table::{Column, Table};
use crate::timer::{self, Time};
use crate::{callgrind, first_reads, reads};

macro_rules! subject {
    ($name:literal, $host:ty, $new:expr, $read:expr) => {
        Subject {
            name: $name,
            read: reads!($host, $new, $read),
            first: Some(first_reads!($host, $new, $read)),
        }
    };
    ($name:literal, $host:ty, $new:expr, $read:expr, once) => {
        Subject {
            name: $name,
            read: reads!($host, $new, $read),
            first: None,
        }
    };
}

struct Plain {
    number: u64,
}

/// The first row that threads can share.
const SYNC: usize = 8;

/// Those for one thread, then those that threads can share. Each kind begins with ours.
pub(crate) const SUBJECTS: [Subject; 15] = [
    subject!(
        "#[lazy]",
        unsync::Ours,
        unsync::Ours::new(1),
        unsync::Ours::number
    ),
    subject!(
        "LazyProperty",
        unsync::Descriptor,
        unsync::Descriptor::new(1),
        unsync::Descriptor::number
    ),
    subject!(
        "by hand, once_cell unsync",
        unsync::ByHand,
        unsync::ByHand::new(1),
        unsync::ByHand::number
    ),
    subject!(
        "by hand, std OnceCell",
        unsync::Other,
        unsync::Other::new(1),
        unsync::Other::number
    ),
    subject!("fieldx", Fieldx, Fieldx::new(), Fieldx::number),
    subject!(
        "struct_cache_field",
        StructCacheField,
        StructCacheField::new(1),
        |host: &StructCacheField| *host.number()
    ),
    subject!(
        "memoize, a function",
        u64,
        1,
        |seed: &u64| memoized(*seed),
        once
    ),
    subject!(
        "plain field",
        Plain,
        Plain { number: 1 },
        |host: &Plain| host.number,
        once
    ),
    subject!(
        "#[lazy(sync)]",
        sync::Ours,
        sync::Ours::new(1),
        sync::Ours::number
    ),
    subject!(
        "sync::LazyProperty",
        sync::Descriptor,
        sync::Descriptor::new(1),
        sync::Descriptor::number
    ),
    subject!(
        "by hand, std OnceLock",
        sync::ByHand,
        sync::ByHand::new(1),
        sync::ByHand::number
    ),
    subject!(
        "by hand, once_cell sync",
        sync::Other,
        sync::Other::new(1),
        sync::Other::number
    ),
    subject!(
        "fieldx, sync",
        FieldxSync,
        FieldxSync::new(),
        FieldxSync::number
    ),
    subject!(
        "cached, in_impl",
        Cached,
        Cached { seed: 1 },
        Cached::number,
        once
    ),
    subject!(
        "memoize, shared",
        u64,
        1,
        |seed: &u64| memoized_shared(*seed),
        once
    ),
];

pub(crate) fn measure() -> Result<Table, String> {
    let count = match callgrind::missing() {
        Some(problem) => {
            eprintln!("{problem}; times only");
            false
        }
        None => true,
    };
    let mut table = Table::new(
        "reads",
        "A read of a u64 that is there, and a first read",
        &[
            Column::new("read, ns", 2),
            Column::new("× ours", 2),
            Column::new("read, instructions", 1),
            Column::new("first read, ns", 1),
            Column::new("× ours", 2),
            Column::new("first read, instructions", 1),
        ],
    );
    eprintln!("timing reads");
    let reads = times(|subject| subject.read);
    eprintln!("timing first reads");
    let firsts = times(|subject| subject.first.unwrap_or(subject.read));
    for (at, subject) in SUBJECTS.iter().enumerate() {
        let counted = |kind: &str| -> Result<Option<f64>, String> {
            count
                .then(|| callgrind::instructions(&format!("{kind}: {}", subject.name)))
                .transpose()
        };
        eprintln!("counting: {}", subject.name);
        let first = subject.first.map(|_| firsts[at]);
        table.row(
            subject.name,
            [
                Some(reads[at].nanoseconds),
                Some(reads[at].ratio),
                counted("read")?,
                first.map(|first| first.nanoseconds),
                first.map(|first| first.ratio),
                if first.is_some() {
                    counted("first read")?
                } else {
                    None
                },
            ],
        );
    }
    Ok(table)
}

/// The times of all subjects, each beside ours of the same kind.
fn times(work: fn(&Subject) -> Work) -> Vec<Time> {
    let (unsync, sync) = SUBJECTS.split_at(SYNC);
    let paired = |subjects: &[Subject]| {
        let inlined: Vec<_> = subjects
            .iter()
            .map(|subject| work(subject).inlined)
            .collect();
        timer::paired(&inlined)
    };
    [paired(unsync), paired(sync)].concat()
}

//! Table: which properties the methods of realistic hosts clear, and which of them needlessly.

mod http_message;
mod mesh;
mod package_graph;
mod sheet;
mod text_buffer;

use std::cell::RefCell;

use crate::table::{Column, Table};

/// A host whose methods are looked at.
pub(crate) trait Subject: Clone {
    /// Each property with the fields that its value is made of, as a reader of the bodies finds
    /// them.
    const MADE_OF: &'static [(&'static str, &'static [&'static str])];

    /// A host that every case begins with.
    fn new() -> Self;

    /// The properties' values as text, each computed where it is not kept.
    fn values(&self) -> Vec<String>;

    /// The properties that are kept now.
    fn kept(&self) -> Vec<&'static str>;
}

/// A call of a method that may change its host.
pub(crate) struct Case<H> {
    name: &'static str,
    /// The fields that this call writes. What is made of them must be cleared.
    writes: &'static [&'static str],
    call: fn(&mut H),
}

thread_local! {
    /// The properties whose bodies ran.
    static RAN: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// Notes that the body of a property runs, so that one that is cleared and read again is counted.
pub(crate) fn ran(property: &'static str) {
    RAN.with_borrow_mut(|ran| ran.push(property));
}

/// Pairs of a call and a property.
#[derive(Default)]
struct Count {
    calls: u32,
    pairs: u32,
    /// Whose value is another one behind the call.
    changed: u32,
    /// Made of a field that the call writes.
    must: u32,
    cleared: u32,
    missed: u32,
    needless: u32,
}

pub(crate) fn measure() -> Result<Table, String> {
    let columns = [
        Column::new("calls", 0),
        Column::new("calls × properties", 0),
        Column::new("other value", 0),
        Column::new("must be cleared", 0),
        Column::new("cleared", 0),
        Column::new("missed", 0),
        Column::new("needless", 0),
        Column::new("needless, % of cleared", 1),
    ];
    let title = "What the methods of realistic hosts clear, of the properties that are kept";
    let mut table = Table::new("precision", title, &columns);
    let hosts = [
        ("text buffer", count(&text_buffer::CASES)?),
        ("HTTP request", count(&http_message::CASES)?),
        ("mesh", count(&mesh::CASES)?),
        ("spreadsheet", count(&sheet::CASES)?),
        ("package graph", count(&package_graph::CASES)?),
    ];
    let mut all = Count::default();
    for (name, count) in hosts {
        table.row(name, count.row());
        all.add(&count);
    }
    table.row("all", all.row());
    if all.missed > 0 {
        return Err(format!("{} kept values are stale", all.missed));
    }
    Ok(table)
}

fn count<H: Subject>(cases: &[Case<H>]) -> Result<Count, String> {
    let mut count = Count::default();
    for case in cases {
        count.add(&case.count()?);
    }
    Ok(count)
}

impl<H: Subject> Case<H> {
    fn count(&self) -> Result<Count, String> {
        let mut host = H::new();
        let before = host.values();
        RAN.take();
        (self.call)(&mut host);
        let ran = RAN.take();
        let kept = host.kept();
        let (now, fresh) = (host.values(), host.clone().values());

        let mut count = Count {
            calls: 1,
            ..Count::default()
        };
        for (at, (name, made_of)) in H::MADE_OF.iter().enumerate() {
            let must = made_of.iter().any(|field| self.writes.contains(field));
            let changed = before[at] != fresh[at];
            if changed && !must {
                let call = self.name;
                return Err(format!(
                    "`{call}` writes more than it says: `{name}` differs"
                ));
            }
            let stale = now[at] != fresh[at];
            let cleared = !kept.contains(name) || ran.contains(name);
            for (is_so, what) in [(stale, "missed"), (cleared && !must, "needless")] {
                if is_so {
                    eprintln!("{what}: `{name}` by `{}`", self.name);
                }
            }
            count.add(&Count {
                calls: 0,
                pairs: 1,
                changed: changed.into(),
                must: must.into(),
                cleared: cleared.into(),
                missed: stale.into(),
                needless: (cleared && !must).into(),
            });
        }
        Ok(count)
    }
}

impl Count {
    fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.pairs += other.pairs;
        self.changed += other.changed;
        self.must += other.must;
        self.cleared += other.cleared;
        self.missed += other.missed;
        self.needless += other.needless;
    }

    fn row(&self) -> [Option<f64>; 8] {
        let share = f64::from(self.needless) / f64::from(self.cleared.max(1)) * 100.0;
        let counts = [
            self.calls,
            self.pairs,
            self.changed,
            self.must,
            self.cleared,
            self.missed,
            self.needless,
        ];
        let [calls, pairs, changed, must, cleared, missed, needless] =
            counts.map(|count| Some(f64::from(count)));
        [
            calls,
            pairs,
            changed,
            must,
            cleared,
            missed,
            needless,
            Some(share),
        ]
    }
}

/// The cases of a host: a name, the fields that the call writes, and the call.
macro_rules! cases {
    ($host:ty: $($name:ident writes [$($field:ident),*] in $call:expr;)*) => {
        pub(super) const CASES: [$crate::precision::Case<$host>; [$(stringify!($name)),*].len()] =
            [$($crate::precision::Case {
                name: stringify!($name),
                writes: &[$(stringify!($field)),*],
                call: $call,
            }),*];
    };
}

/// What the table asks of a host: how it begins, and what its properties are made of.
macro_rules! subject {
    ($host:ty = $new:expr; $($property:ident of [$($field:ident),*],)*) => {
        impl $crate::precision::Subject for $host {
            const MADE_OF: &'static [(&'static str, &'static [&'static str])] =
                &[$((stringify!($property), &[$(stringify!($field)),*])),*];

            fn new() -> Self {
                $new
            }

            fn values(&self) -> Vec<String> {
                vec![$(format!("{:?}", self.$property())),*]
            }

            fn kept(&self) -> Vec<&'static str> {
                self.lazy.computed().collect()
            }
        }
    };
}

use {cases, subject};

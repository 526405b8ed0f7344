//! Spans and events, as a subscriber of a user's sees them.

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};

use lazy_prop::lazy;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

#[lazy]
struct Report<T> {
    of: T,
    items: Vec<u32>,
}

#[lazy(bound = "")]
impl<T: ToString> Report<T> {
    #[lazy]
    fn words(&self) -> usize {
        self.of.to_string().len() + self.sum()
    }

    #[lazy]
    fn sum(&self) -> usize {
        self.items.len()
    }

    #[lazy]
    async fn later(&self) -> usize {
        pause().await;
        tracing::info!("later");
        1
    }

    fn push(&mut self, item: u32) {
        self.items.push(item);
    }

    fn with_hash(&mut self, change: impl FnOnce(&mut Self)) {
        change(self);
    }

    #[lazy(clears(words))]
    fn forget(&mut self) {}
}

async fn pause() {
    let mut again = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut again, true) {
            return std::task::Poll::Ready(());
        }
        context.waker().wake_by_ref();
        std::task::Poll::Pending
    })
    .await;
}

#[lazy]
fn once() -> u32 {
    tracing::info!("inside");
    1
}

/// Records the spans and events.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

impl Log {
    fn add(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }

    fn of(run: impl FnOnce()) -> Vec<String> {
        let log = Self::default();
        tracing::subscriber::with_default(log.clone(), run);
        let mut lines = log.0.lock().unwrap();
        std::mem::take(&mut *lines)
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut line = Line(format!("new {}", span.metadata().name()));
        span.record(&mut line);
        self.add(line.0);
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line("event".into());
        event.record(&mut line);
        self.add(line.0);
    }

    fn enter(&self, _: &Id) {
        self.add("enter".into());
    }

    fn exit(&self, _: &Id) {
        self.add("exit".into());
    }
}

fn report() -> Report<&'static str> {
    Report {
        of: "text",
        items: Vec::new(),
        lazy: lazy_prop::Lazy::new(),
    }
}

#[test]
fn each_computation_is_a_span_and_a_read_is_none() {
    let report = report();
    let lines = Log::of(|| {
        report.words();
        report.words();
    });
    assert_eq!(
        lines,
        [
            "new compute host=\"Report\" property=\"words\"",
            "enter",
            "new compute host=\"Report\" property=\"sum\"",
            "enter",
            "exit",
            "exit",
        ]
    );
}

#[test]
fn the_span_of_an_async_property_is_left_while_it_waits() {
    let report = report();
    let lines = Log::of(|| {
        pollster::block_on(report.later());
    });
    assert_eq!(
        lines,
        [
            "new compute host=\"Report\" property=\"later\"",
            "enter",
            "exit",
            "enter",
            "event message=later",
            "exit",
        ]
    );
}

#[test]
fn a_function_has_a_span_too() {
    let lines = Log::of(|| {
        once();
    });
    let inside = [
        "new compute property=\"once\"",
        "enter",
        "event message=inside",
        "exit",
    ];
    assert_eq!(lines, inside);
}

#[test]
fn each_clearing_is_an_event_that_names_the_method() {
    let cleared = |property, cause| {
        format!("event message=cleared host=\"Report\" property=\"{property}\" cause=\"{cause}\"")
    };
    let mut report = report();
    let mut lines_of = |change: fn(&mut Report<&'static str>)| {
        report.words();
        Log::of(|| change(&mut report))
    };
    let both = |cause| [cleared("words", cause), cleared("sum", cause)];
    assert_eq!(lines_of(|report| report.push(1)), both("push"));
    assert_eq!(lines_of(Report::forget), [cleared("words", "forget")]);
    assert_eq!(
        lines_of(|report| report.with_hash(|report| report.of = "")),
        both("with_hash")
    );
    assert_eq!(lines_of(|report| report.lazy.clear()), both("clear"));
}

//! `host.lazy.stats()`, and the test helpers on top of it.

use std::sync::Barrier;
use std::time::Duration;

use lazy_prop::testing::{advance, count_computations};
use lazy_prop::{Stats, lazy};

#[lazy]
struct Report {
    text: String,
}

#[lazy(sync)]
impl Report {
    fn new(text: &str) -> Self {
        Self { text: text.into() }
    }

    #[lazy]
    fn words(&self) -> usize {
        self.text.split(' ').count()
    }

    #[lazy(mut)]
    fn upper(&self) -> &str {
        self.text.to_uppercase()
    }

    #[lazy]
    fn number(&self) -> Result<&u32, std::num::ParseIntError> {
        self.text.parse()
    }

    #[lazy]
    async fn length(&self) -> usize {
        self.text.len()
    }

    #[lazy(ttl = Duration::from_secs(60))]
    fn price(&self) -> usize {
        1
    }

    #[lazy(racing)]
    fn first(&self) -> &str {
        self.text[..1].into()
    }

    fn push(&mut self, word: &str) {
        self.text.push_str(word);
    }
}

/// Computations, reads and clearings of a property.
fn counts(report: &Report, property: &str) -> [u64; 3] {
    let stats = report.lazy.stats().find(|stats| stats.property == property);
    let Stats {
        computations,
        reads,
        clearings,
        ..
    } = stats.unwrap();
    [computations, reads, clearings]
}

#[test]
fn nothing_is_counted_before_something_is_read() {
    let report = Report::new("one");
    let names: Vec<_> = report.lazy.stats().map(|stats| stats.property).collect();
    assert_eq!(
        names,
        ["words", "upper", "number", "length", "price", "first"]
    );
    assert_eq!(counts(&report, "words"), [0, 0, 0]);
}

#[test]
fn computations_reads_and_clearings_are_counted() {
    let mut report = Report::new("one two");
    report.push(" three");
    assert_eq!(counts(&report, "words"), [0, 0, 0]);
    report.words();
    report.words();
    report.words();
    assert_eq!(counts(&report, "words"), [1, 2, 0]);
    report.push(" four");
    report.push(" five");
    assert_eq!(counts(&report, "words"), [1, 2, 1]);
    report.words();
    report.lazy.clear();
    assert_eq!(counts(&report, "words"), [2, 2, 2]);
    assert_eq!(counts(&report, "upper"), [0, 0, 0]);
}

#[test]
fn a_body_that_fails_is_counted_and_keeps_nothing() {
    let report = Report::new("x");
    assert!(report.number().is_err());
    assert!(report.number().is_err());
    assert_eq!(counts(&report, "number"), [2, 0, 0]);
}

#[test]
fn each_kind_of_property_is_counted() {
    let mut report = Report::new("one");
    for _ in 0..2 {
        pollster::block_on(report.length());
        report.price();
        report.first();
        report.upper_mut();
    }
    for property in ["length", "price", "first", "upper"] {
        assert_eq!(counts(&report, property), [1, 1, 0], "{property}");
    }
    advance(Duration::from_secs(61));
    report.price();
    assert_eq!(counts(&report, "price"), [2, 1, 0]);
    report.push("!");
    assert_eq!(counts(&report, "length"), [1, 1, 1]);
    // It reads nothing that `push` changes.
    assert_eq!(counts(&report, "price"), [2, 1, 0]);
}

#[test]
fn threads_count_together() {
    let report = Report::new("one two");
    let all = Barrier::new(4);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                all.wait();
                report.words();
            });
        }
    });
    assert_eq!(counts(&report, "words"), [1, 3, 0]);
}

#[test]
fn a_clone_counts_for_itself() {
    #[lazy]
    #[derive(Clone)]
    struct Square(f64, lazy_prop::Lazy<Self>);

    #[lazy(field = 1)]
    impl Square {
        #[lazy]
        fn area(&self) -> f64 {
            self.0 * self.0
        }
    }

    let square = Square(2.0, lazy_prop::Lazy::new());
    square.area();
    let other = square.clone();
    assert_eq!(count_computations(&other, Square::area), 1);
    assert_eq!(count_computations(&square, Square::area), 0);
}

//! Methods that change what a property reads clear the property, and keep all others.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use lazy_prop::{Lazy, LazyHost, lazy};

#[lazy]
#[derive(Debug, Clone, Default)]
struct Report {
    text: String,
    title: String,
    marks: Vec<u32>,
    runs: Cell<u32>,
}

#[lazy]
impl Report {
    fn new(text: &str) -> Self {
        Self {
            text: text.into(),
            title: "t".into(),
            marks: Vec::new(),
            runs: Cell::new(0),
        }
    }

    #[lazy(depends(text))]
    fn words(&self) -> usize {
        self.runs.set(self.runs.get() + 1);
        self.text.split_whitespace().count()
    }

    #[lazy]
    fn heading(&self) -> &str {
        self.title.to_uppercase()
    }

    /// Depends on the text through `words`, and on the title through `heading`.
    #[lazy]
    fn summary(&self) -> &str {
        format_summary(self.heading(), self.words())
    }

    #[lazy]
    fn constant(&self) -> u32 {
        7
    }

    fn helper(&self) -> usize {
        self.words() + 1
    }

    #[lazy]
    fn through_a_helper(&self) -> usize {
        self.helper()
    }

    #[lazy]
    fn unseen(&self) -> usize {
        whole_length(self)
    }

    fn set_text(&mut self, text: &str) {
        self.text = text.to_owned();
    }

    fn set_title(&mut self, title: &str) {
        self.title = title.to_owned();
    }

    fn mark(&mut self, mark: u32) {
        self.marks.push(mark);
    }

    fn swap(&mut self) {
        std::mem::swap(&mut self.text, &mut self.title);
    }

    fn take(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    fn push_twice(&mut self, word: &str) -> usize {
        self.text.push_str(word);
        let between = self.words();
        self.text.push_str(word);
        between
    }

    fn read_then_set(&mut self, text: &str) -> usize {
        let before = self.words();
        self.text = text.to_owned();
        before
    }

    fn read_then_try(&mut self, text: Option<&str>) -> Option<usize> {
        let before = self.words();
        self.text.clear();
        self.text.push_str(text?);
        Some(before)
    }

    fn read_then_panic(&mut self) {
        let _before = self.words();
        self.text.clear();
        panic!("in between");
    }

    async fn read_then_wait(&mut self, wait: std::future::Pending<()>) {
        let _before = self.words();
        self.text.clear();
        wait.await;
        self.text.push_str("never");
    }

    fn text_mut(&mut self) -> &mut String {
        &mut self.text
    }

    fn with_text(mut self, text: &str) -> Self {
        self.text = text.into();
        self
    }

    fn chained(&mut self, text: &str) -> &mut Self {
        self.text = text.into();
        self
    }

    fn split(mut self) -> (Self, usize) {
        self.text.push_str(" split");
        let words = self.words();
        (self, words)
    }

    fn checked(&mut self, word: &str) -> &mut Self {
        self.text.push_str(word);
        debug_assert!(self.words() > 0 && matches!(self.marks.first(), None | Some(_)));
        self
    }

    fn destructure(&mut self) {
        let Self { text, marks, .. } = self;
        text.push_str(" more");
        marks.clear();
    }

    fn by_macro(&mut self) {
        macro_rules! set {
            ($host:ident) => {
                $host.text.clear()
            };
        }
        set!(self);
    }

    fn handed_on(&mut self) -> Result<(), ()> {
        change_elsewhere(self)?;
        Ok(())
    }

    fn through_another(&mut self) {
        self.set_text("through another");
    }

    fn generic<T: AsRef<str>, const N: usize>(&mut self, (first, _): (T, [u8; N])) -> usize {
        let before = self.words();
        self.text = first.as_ref().repeat(N);
        before
    }

    #[lazy(keeps)]
    fn pad(&mut self) {
        self.text.push(' ');
    }

    #[lazy(clears(words))]
    fn told(&mut self) {
        let text = std::ptr::from_mut(&mut self.text);
        let _never_used = text;
    }
}

fn format_summary(heading: &str, words: usize) -> String {
    format!("{heading}: {words}")
}

fn whole_length(report: &Report) -> usize {
    report.text.len() + report.title.len()
}

fn change_elsewhere(report: &mut Report) -> Result<(), ()> {
    report.words();
    report.text = "a b c d e".to_owned();
    Err(())
}

/// A report with everything computed.
fn read(text: &str) -> Report {
    let report = Report::new(text);
    (
        report.summary(),
        report.constant(),
        report.through_a_helper(),
        report.unseen(),
    );
    assert_eq!(report.lazy.computed().count(), 6);
    report
}

fn computed(report: &Report) -> Vec<&'static str> {
    report.lazy.computed().collect()
}

/// Each read gives what a fresh report with the same fields gives.
#[track_caller]
fn is_right(report: &Report) {
    let fresh = report.clone();
    assert_eq!(report.words(), fresh.words());
    assert_eq!(report.summary(), fresh.summary());
    assert_eq!(report.through_a_helper(), fresh.through_a_helper());
    assert_eq!(report.unseen(), fresh.unseen());
}

#[test]
fn a_setter_clears_what_reads_its_field() {
    let mut report = read("a b");
    report.set_text("a b c");
    assert_eq!(computed(&report), ["heading", "constant"]);
    is_right(&report);
}

#[test]
fn only_the_dependants_are_cleared() {
    let mut report = read("a b");
    report.set_title("other");
    assert_eq!(computed(&report), ["words", "constant", "through_a_helper"]);
    is_right(&report);
}

#[test]
fn a_setter_of_an_unrelated_field_keeps_an_expensive_property() {
    let mut report = read("a b");
    report.mark(1);
    assert_eq!((report.words(), report.runs.get()), (2, 1));
    assert_eq!(
        computed(&report),
        [
            "words",
            "heading",
            "summary",
            "constant",
            "through_a_helper"
        ]
    );
}

#[test]
fn nested_hosts_are_fields_like_others() {
    #[lazy]
    struct Outer {
        inner: Report,
    }

    #[lazy]
    impl Outer {
        fn new() -> Self {
            Self {
                inner: Report::new("a"),
            }
        }
        #[lazy]
        fn doubled(&self) -> usize {
            self.inner.words() * 2
        }
        fn change(&mut self) {
            self.inner.set_text("a b c");
        }
    }

    let mut outer = Outer::new();
    assert_eq!(outer.doubled(), 2);
    outer.change();
    assert_eq!(outer.doubled(), 6);
}

#[test]
fn a_read_between_two_changes_is_fresh_and_so_is_the_end() {
    let mut report = read("a");
    assert_eq!(report.push_twice(" b"), 2);
    assert_eq!(report.words(), 3);
    is_right(&report);
}

#[test]
fn leaving_early_clears_too() {
    let mut report = read("a b");
    assert_eq!(report.read_then_set("a"), 2);
    is_right(&report);
    assert_eq!(report.read_then_try(None), None);
    assert_eq!(report.words(), 0);
    assert_eq!(report.read_then_try(Some("x y")), Some(0));
    assert_eq!(report.words(), 2);
}

#[test]
fn a_panic_clears_too() {
    let mut report = read("a b");
    catch_unwind(AssertUnwindSafe(|| report.read_then_panic())).unwrap_err();
    assert_eq!(report.words(), 0);
}

#[test]
fn a_future_that_is_dropped_clears_too() {
    let mut report = read("a b");
    {
        let mut future = std::pin::pin!(report.read_then_wait(std::future::pending()));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(future.as_mut().poll(&mut context).is_pending());
    }
    assert_eq!(report.words(), 0);
}

#[test]
fn what_is_written_through_a_lent_field_is_seen() {
    let mut report = read("a b");
    report.text_mut().push_str(" c");
    assert_eq!(report.words(), 3);
    is_right(&report);
}

#[test]
fn swap_and_take_are_changes() {
    let mut report = read("a b");
    report.swap();
    is_right(&report);
    assert_eq!(report.take(), "t");
    is_right(&report);
}

#[test]
fn builders_and_chains_are_changes() {
    let report = read("a b").with_text("a b c");
    is_right(&report);
    assert_eq!(report.lazy.heading.get().map(String::as_str), Some("T"));
    let mut report = read("a b");
    report.chained("x").chained("x y z");
    assert_eq!(report.words(), 3);
}

#[test]
fn what_is_read_before_the_host_goes_on_is_kept() {
    let (report, words) = read("a b").split();
    assert_eq!((words, report.lazy.words.get()), (3, Some(&3)));
    is_right(&report);
    let mut report = read("a b");
    is_right(report.checked(" c").checked(" d"));
    assert_eq!(report.words(), 4);
}

#[test]
fn destructuring_is_a_change_of_the_fields_it_names() {
    let mut report = read("a b");
    report.destructure();
    assert_eq!(computed(&report), ["heading", "constant"]);
    is_right(&report);
}

#[test]
fn what_can_t_be_seen_is_everything() {
    let mut report = read("a b");
    report.by_macro();
    assert_eq!(computed(&report), ["constant"]);
    is_right(&report);
    assert_eq!(report.handed_on(), Err(()));
    is_right(&report);
    assert_eq!(report.words(), 5);
}

#[test]
fn a_method_that_calls_another_leaves_it_to_that() {
    let mut report = read("a b");
    report.through_another();
    assert_eq!(report.words(), 2);
    is_right(&report);
}

#[test]
fn a_guarded_method_keeps_its_parameters() {
    let mut report = read("a b");
    assert_eq!(report.generic((" x", [0; 3])), 2);
    assert_eq!(report.words(), 3);
}

#[test]
fn keeps_clears_nothing() {
    let mut report = read("a b");
    report.pad();
    assert_eq!(report.lazy.computed().count(), 6);
}

#[test]
fn clears_clears_what_it_names_and_what_reads_that() {
    let mut report = read("a b");
    report.told();
    assert_eq!(computed(&report), ["heading", "constant"]);
}

#[test]
fn struct_update_starts_with_nothing() {
    let report = read("a b");
    let updated = Report {
        text: "x".into(),
        lazy: Lazy::new(),
        ..report
    };
    is_right(&updated);
}

#[test]
fn a_trait_s_methods_clear_too() {
    trait Grow {
        type Step;
        fn size(&self) -> u32;
        fn grow(&mut self, step: Self::Step) -> u32;
        fn set(&mut self, size: u32);
    }

    #[lazy]
    struct Plant {
        height: u32,
    }

    #[lazy]
    impl Grow for Plant {
        type Step = u32;

        #[lazy]
        fn size(&self) -> u32 {
            self.height * 10
        }

        fn grow(&mut self, step: Self::Step) -> u32 {
            let before = Self::size(self);
            let step: Self::Step = step;
            self.height += step;
            before
        }

        fn set(&mut self, size: u32) {
            self.height = size;
        }
    }

    let mut plant = Plant {
        height: 1,
        lazy: Lazy::new(),
    };
    assert_eq!((plant.size(), plant.grow(2), plant.size()), (10, 10, 30));
    plant.set(5);
    assert_eq!(plant.size(), 50);
}

#[test]
fn a_property_tells_what_it_reads_and_what_clears_it() {
    let find = |name| {
        let mut all = <Report as LazyHost>::PROPERTIES.iter();
        all.find(|property| property.name() == name).unwrap()
    };
    assert_eq!(find("words").reads(), ["text"]);
    assert_eq!(
        find("heading").cleared_by(),
        ["set_title", "swap", "by_macro", "handed_on"]
    );
    assert_eq!(
        find("summary").reads(),
        ["heading", "text", "title", "words"]
    );
    assert_eq!(find("unseen").reads(), ["self"]);
    assert_eq!(find("constant").cleared_by(), <[&str; 0]>::default());
}

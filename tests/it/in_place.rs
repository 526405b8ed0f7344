//! `#[lazy(mut)]`: values that are changed in place.

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;

use lazy_prop::{LazyHost, lazy};

#[lazy]
struct Report {
    text: String,
    counted: Cell<usize>,
}

#[lazy]
impl Report {
    fn new(text: &str) -> Self {
        Self {
            text: text.into(),
            counted: Cell::new(0),
        }
    }

    #[lazy(mut)]
    fn words(&self) -> &[String] {
        self.counted.set(self.counted.get() + 1);
        self.text.split(' ').map(String::from).collect()
    }

    #[lazy]
    fn count(&self) -> usize {
        self.words().len()
    }

    #[lazy]
    fn shown(&self) -> &str {
        format!("{} words", self.count())
    }

    #[lazy]
    fn bytes(&self) -> usize {
        self.text.len()
    }

    fn set_text(&mut self, text: &str) {
        self.text = text.into();
    }

    fn add_twice(&mut self, word: &str) -> usize {
        self.words_mut().push(word.into());
        let between = self.count();
        let words = self.words_mut();
        words.push(word.into());
        between
    }
}

#[lazy(also)]
impl Report {
    fn add(&mut self, word: &str) {
        self.words_mut().push(word.into());
    }
}

#[test]
fn the_value_is_computed_if_needed_and_stays_changed() {
    let mut report = Report::new("one two");
    report.words_mut().push("three".into());
    assert_eq!(report.words(), ["one", "two", "three"]);
    report.words_mut().pop();
    assert_eq!(report.words(), ["one", "two"]);
    assert_eq!(report.counted.get(), 1);
}

#[test]
fn what_depends_on_it_is_cleared_and_nothing_else() {
    let mut report = Report::new("one two");
    assert_eq!((report.shown(), report.bytes()), ("2 words", 7));
    report.words_mut();
    let computed: Vec<_> = report.lazy.computed().collect();
    assert_eq!(computed, ["words", "bytes"]);
    report.words_mut().push("three".into());
    assert_eq!(report.shown(), "3 words");
}

#[test]
fn a_change_of_what_it_reads_clears_it() {
    let mut report = Report::new("one two");
    report.words_mut().push("three".into());
    report.set_text("one");
    assert_eq!(report.words(), ["one"]);
}

#[test]
fn other_methods_keep_what_they_changed_in_place() {
    let mut report = Report::new("one");
    assert_eq!(report.count(), 1);
    assert_eq!(report.add_twice("more"), 2);
    assert_eq!(report.words(), ["one", "more", "more"]);
    assert_eq!(report.shown(), "3 words");
    report.add("last");
    assert_eq!(report.words().last().unwrap(), "last");
    assert_eq!(report.shown(), "4 words");
}

#[test]
fn properties_name_the_method_that_clears_them() {
    let [words, count, ..] = <Report as LazyHost>::PROPERTIES else {
        panic!()
    };
    assert_eq!(words.cleared_by(), ["set_text"]);
    assert_eq!(count.cleared_by(), ["words_mut", "set_text"]);
}

#[lazy]
struct Forms<T> {
    of: T,
    number: String,
}

#[lazy(sync, bound = "")]
impl<T: AsRef<str>> Forms<T> {
    fn new(of: T, number: &str) -> Self {
        Self {
            of,
            number: number.into(),
        }
    }

    #[lazy(mut)]
    pub(crate) fn upper(&self) -> &str {
        self.of.as_ref().to_uppercase()
    }

    #[lazy(mut)]
    fn path<'a>(&'a self) -> &'a Path {
        self.of.as_ref().into()
    }

    #[lazy(mut, store = Arc<str>)]
    fn shared(&self) -> &str {
        self.of.as_ref().into()
    }

    #[lazy(mut)]
    fn first(&self) -> Option<&str> {
        self.of.as_ref().split(' ').next().map(String::from)
    }

    #[lazy(mut)]
    fn parsed(&self) -> Result<&i32, std::num::ParseIntError> {
        self.number.parse()
    }

    #[lazy(mut)]
    fn tried(&self) -> Result<&i32, &std::num::ParseIntError> {
        self.number.parse()
    }

    #[lazy(mut, racing)]
    fn r#type(&self) -> &str {
        self.of.as_ref().into()
    }

    #[lazy]
    fn doubled(&self) -> Option<i32> {
        Some(self.parsed().ok()? * 2)
    }

    fn set_number(&mut self, number: &str) {
        self.number = number.into();
    }
}

#[test]
fn each_row_lends_its_owned_form() {
    let mut forms = Forms::new("a b", "1");
    forms.upper_mut().push('!');
    forms.path_mut().push("c");
    *forms.shared_mut() = "other".into();
    forms.first_mut().unwrap().push('?');
    *forms.parsed_mut().unwrap() += 1;
    *forms.tried_mut().unwrap() += 2;
    forms.type_mut().clear();
    assert_eq!((forms.upper(), forms.shared()), ("A B!", "other"));
    assert_eq!(forms.path(), Path::new("a b/c"));
    assert_eq!(forms.first(), Some("a?"));
    assert_eq!((forms.parsed(), forms.tried()), (Ok(&2), Ok(&3)));
    assert_eq!(forms.r#type(), "");
}

#[test]
fn an_error_is_given_and_kept_as_a_read_keeps_it() {
    let mut forms = Forms::new("a", "x");
    assert!(forms.parsed_mut().is_err());
    assert!(forms.tried_mut().is_err());
    assert_eq!(forms.lazy.is_computed("parsed"), Ok(false));
    assert_eq!(forms.lazy.is_computed("tried"), Ok(true));
    forms.set_number("4");
    assert_eq!(forms.doubled(), Some(8));
    *forms.parsed_mut().unwrap() = 5;
    assert_eq!(forms.doubled(), Some(10));
}

mod hidden {
    use lazy_prop::lazy;

    #[lazy]
    #[derive(Default)]
    pub(super) struct Inner {
        pub(super) n: u32,
    }

    #[lazy]
    impl Inner {
        #[lazy(mut)]
        #[cfg(not(test))]
        fn absent(&self) -> &Missing {
            Missing
        }

        #[lazy(mut)]
        #[deprecated]
        pub(super) fn old(&self) -> &u32 {
            self.n
        }
    }
}

#[test]
#[expect(deprecated)]
fn the_method_is_there_and_deprecated_as_the_property_is() {
    let mut inner = hidden::Inner::default();
    *inner.old_mut() = 2;
    assert_eq!((inner.n, *inner.old()), (0, 2));
}

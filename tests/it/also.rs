//! A second impl block, `#[lazy(also)]`: its methods clear what depends on what they change, as
//! those of the home do.
#![allow(clippy::all, clippy::pedantic, dead_code)]

use std::panic::{AssertUnwindSafe, catch_unwind};

use lazy_prop::{Lazy, lazy};

#[lazy]
#[derive(Clone, Debug, Default)]
pub struct Source<S: AsRef<str>> {
    text: S,
    name: String,
    marks: Vec<usize>,
}

#[lazy]
impl<S: AsRef<str>> Source<S> {
    pub fn new(text: S) -> Self {
        Self {
            text,
            name: "n".into(),
            marks: vec![],
        }
    }

    #[lazy]
    pub fn lines(&self) -> &[usize] {
        let text = self.text.as_ref();
        text.match_indices('\n').map(|(at, _)| at).collect()
    }

    #[lazy]
    pub fn shown(&self) -> &str {
        format!("{}: {}", self.name, self.lines().len())
    }

    #[lazy]
    fn marked(&self) -> usize {
        self.marks.len()
    }

    fn rename(&mut self, name: &str) {
        self.name = name.into();
    }
}

#[lazy(also)]
impl Source<String> {
    fn push_line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn push_and_read(&mut self) -> usize {
        let before = self.lines().len();
        self.text.push('\n');
        self.text.insert_str(self.lines()[0], "\n\n");
        self.lines().len() * 10 + before
    }

    fn rename_all(&mut self) -> String {
        let before = self.shown().to_owned();
        self.name.push('x');
        before + self.shown()
    }

    fn mark(&mut self, at: usize) {
        self.marks.push(at);
    }

    fn chain(&mut self, line: &str) -> &mut Self {
        self.push_line(line);
        self.rename(line);
        self
    }

    fn with_line(mut self, line: &str) -> Self {
        self.lines();
        self.text.push_str(line);
        self.text += "\n";
        self
    }

    fn text_mut(&mut self) -> &mut String {
        self.shown();
        &mut self.text
    }

    fn tried(&mut self, line: Option<&str>) -> Option<usize> {
        let before = self.lines().len();
        self.text.push('\n');
        self.text.push_str(line?);
        Some(self.lines().len() - before)
    }

    fn panicking(&mut self) {
        self.text.insert(self.lines().len(), '\n');
        if !self.lines().is_empty() {
            panic!("{}", self.shown());
        }
    }

    fn renewed(self) -> Self {
        Self {
            text: "\n".into(),
            ..self
        }
    }

    fn made() -> Self {
        Self {
            text: "a\nb".into(),
            name: String::new(),
            marks: vec![],
        }
    }

    fn swap(&mut self, text: &mut String) {
        std::mem::swap(text, &mut self.text);
    }

    fn handed_on(&mut self) -> usize {
        let before = self.lines().len();
        elsewhere(self);
        before + self.lines().len()
    }
}

fn elsewhere(source: &mut Source<String>) {
    source.lines();
    source.text.push('\n');
}

#[lazy(also)]
impl Source<&'static str> {
    fn reset(&mut self, text: &'static str) {
        self.text = text;
    }
}

trait Append {
    fn append(&mut self, line: &str) -> usize;
    fn len(&self) -> usize;
}

#[lazy(also)]
impl Append for Source<String> {
    fn append(&mut self, line: &str) -> usize {
        let before = self.lines().len();
        self.text.push_str(line);
        self.lines().len() - before
    }

    fn len(&self) -> usize {
        self.text.len()
    }
}

#[lazy(also)]
impl Extend<char> for Source<String> {
    fn extend<I: IntoIterator<Item = char>>(&mut self, chars: I) {
        for c in chars {
            self.text.push(c);
        }
    }
}

mod elsewhere_in_the_crate {
    use super::{Source, lazy};

    #[lazy(also)]
    impl<S: AsRef<str> + From<String>> Source<S> {
        pub fn upper(&mut self) -> usize {
            self.text = S::from(self.text.as_ref().to_uppercase() + "\n");
            self.lines().len()
        }
    }
}

#[track_caller]
fn is_right<S: AsRef<str> + Clone>(source: &Source<S>) {
    let fresh = source.clone();
    assert_eq!(
        (source.lines(), source.shown(), source.marked()),
        (fresh.lines(), fresh.shown(), fresh.marked())
    );
}

/// A source with all kept.
fn kept() -> Source<String> {
    let source = Source::new("a\nb\n".to_owned());
    is_right(&source);
    source
}

#[test]
fn what_a_second_block_changes_is_seen() {
    let mut source = kept();
    source.push_line("c");
    assert_eq!(source.lines(), [1, 3, 5]);
    is_right(&source);
    assert_eq!(source.push_and_read(), 63);
    is_right(&source);
    assert_eq!(source.rename_all(), "n: 6nx: 6");
    is_right(&source);
    assert_eq!(source.chain("d").chain("e").lines().len(), 8);
    is_right(&source);
    assert_eq!(source.handed_on(), 17);
    is_right(&source);
}

#[test]
fn it_keeps_what_does_not_depend_on_the_change() {
    let mut source = kept();
    source.mark(3);
    assert!(source.lazy.computed().eq(["lines", "shown"]));
    source.marked();
    source.rename_all();
    assert!(source.lazy.computed().eq(["lines", "shown", "marked"]));
    source.push_line("x");
    assert!(source.lazy.computed().eq(["marked"]));
    is_right(&source);
}

#[test]
fn methods_that_own_or_lend_the_host() {
    let source = kept().with_line("c");
    is_right(&source);
    let source = source.renewed();
    is_right(&source);
    assert_eq!(source.lines(), [0]);
    let mut source = Source::made();
    source.text_mut().push('\n');
    is_right(&source);
    source.swap(&mut "\n\n\n\n".to_owned());
    is_right(&source);
    assert_eq!(source.lines().len(), 4);
}

#[test]
fn early_exits_and_panics() {
    let mut source = kept();
    assert_eq!(
        (source.tried(None), source.tried(Some("\n"))),
        (None, Some(2))
    );
    is_right(&source);
    catch_unwind(AssertUnwindSafe(|| source.panicking())).unwrap_err();
    is_right(&source);
}

#[test]
fn blocks_of_traits_of_other_types_and_modules() {
    let mut source = kept();
    assert_eq!((source.append("c\nd\n"), source.len()), (2, 8));
    is_right(&source);
    source.extend(['\n', 'x']);
    is_right(&source);
    assert_eq!(source.upper(), 6);
    is_right(&source);
    let mut fixed = Source::new("a\n");
    assert_eq!(fixed.lines().len(), 1);
    fixed.reset("\n\n");
    assert_eq!(fixed.lines().len(), 2);
    is_right(&fixed);
}

#[test]
fn a_field_of_another_name_and_a_tuple() {
    struct Point(f64, f64, Lazy<Self>);

    #[lazy(field = 2)]
    impl Point {
        #[lazy]
        fn norm(&self) -> f64 {
            self.0.hypot(self.1)
        }
        #[lazy]
        fn first(&self) -> f64 {
            self.0
        }
    }

    #[lazy(also, field = 2)]
    impl Point {
        fn up(&mut self) -> f64 {
            self.1 += self.norm();
            self.1
        }
    }

    let mut point = Point(3.0, 4.0, Lazy::new());
    assert_eq!((point.norm(), point.first()), (5.0, 3.0));
    assert_eq!(point.up(), 9.0);
    assert_eq!(
        (point.2.first.get(), point.2.norm.get()),
        (Some(&3.0), None)
    );
}

//! A crate that uses everything that works without the standard library. It is a package of its own, so
//! that no other crate of the build turns on the feature `std` for it.
#![no_std]

extern crate alloc;

use alloc::{borrow::ToOwned, boxed::Box, string::String, vec::Vec};
use core::fmt::Display;

use lazy_prop::{LazyProperty, lazy};

/// A text and what can be told of it.
#[lazy]
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Report {
    text: String,
}

#[lazy]
impl Report {
    /// A report on `text`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
        }
    }

    /// How many words there are.
    #[lazy]
    #[must_use]
    pub fn words(&self) -> usize {
        self.text.split(' ').count()
    }

    /// The text in capitals.
    #[lazy]
    #[must_use]
    pub fn upper(&self) -> &str {
        self.text.to_uppercase()
    }

    /// The lengths of the words.
    #[lazy]
    #[must_use]
    pub fn lengths(&self) -> &[usize] {
        self.text.split(' ').map(str::len).collect()
    }

    /// The number that the text is.
    ///
    /// # Errors
    /// When it is none.
    #[lazy]
    pub fn number(&self) -> Result<&u8, core::num::ParseIntError> {
        self.text.parse()
    }

    /// Something that can be shown.
    #[lazy(store = Box<dyn Display>)]
    #[must_use]
    pub fn shown(&self) -> &dyn Display {
        Box::new(self.words())
    }
}

/// The same without the macro.
#[derive(Debug)]
pub struct Lengths {
    /// The input.
    pub words: Vec<String>,
    /// The sum of the lengths.
    pub sum: LazyProperty<usize, fn(&Self) -> usize>,
}

impl Lengths {
    /// The lengths of `words`.
    #[must_use]
    pub fn new(words: Vec<String>) -> Self {
        let sum = LazyProperty::new(|this: &Self| this.words.iter().map(String::len).sum());
        Self { words, sum }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_works_without_the_standard_library() {
        let report = Report::new("a bc");
        assert_eq!(
            (report.words(), report.upper(), report.lengths()),
            (2, "A BC", &[1, 2][..])
        );
        assert!(report.number().is_err());
        assert_eq!(alloc::format!("{}", report.shown()), "2");
        let lengths = Lengths::new(alloc::vec!["ab".to_owned()]);
        assert_eq!(lengths.sum.get(&lengths), &2);
    }
}

//! A crate with every form of the macros, in which every lint is an error. The test is that it compiles
//! and that clippy is silent.
#![deny(
    warnings,
    future_incompatible,
    let_underscore,
    nonstandard_style,
    rust_2018_idioms,
    rust_2021_compatibility,
    rust_2024_compatibility,
    unused,
    unreachable_pub,
    missing_docs,
    missing_debug_implementations,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unused_lifetimes,
    unused_qualifications,
    unused_results,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    non_ascii_idents,
    unit_bindings,
    clippy::all,
    clippy::pedantic
)]
#![forbid(unsafe_code)]

use std::fmt::Display;
use std::hash::Hash;
use std::sync::Arc;

use lazy_prop::{Lazy, LazyProperty, lazy};

/// A trait whose block is a home.
pub trait Shape {
    /// What it is called.
    fn title(&self) -> &str;
}

/// A host with every row of the table.
#[lazy]
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Host<'h, T: Clone, const N: usize> {
    text: &'h str,
    items: Vec<T>,
    titles: Lazy<Self, 1>,
}

#[lazy]
impl<'h, T: Clone, const N: usize> Host<'h, T, N> {
    /// Makes one.
    #[must_use]
    pub const fn new(text: &'h str) -> Self {
        Self {
            text,
            items: Vec::new(),
            titles: Lazy::new(),
        }
    }

    /// By value.
    #[lazy]
    #[must_use]
    pub fn copied(&self) -> usize {
        self.text.len() + N
    }

    /// A clone.
    #[lazy(cloned)]
    #[must_use]
    pub fn cloned(&self) -> Arc<str> {
        self.text.into()
    }

    /// Text.
    #[lazy]
    #[must_use]
    #[inline]
    pub fn text(&self) -> &str {
        let Self { text, .. } = self;
        (*text).to_owned()
    }

    /// A box.
    #[lazy(store = Box<dyn Display>)]
    #[must_use]
    pub fn shown(&self) -> &dyn Display {
        Box::new(N)
    }

    /// A slice.
    #[lazy]
    #[must_use]
    pub fn doubled(&self) -> &[T] {
        [&self.items[..], &self.items[..]].concat()
    }

    /// An option.
    #[lazy]
    #[must_use]
    pub fn first(&self) -> Option<&T> {
        self.items.first().cloned()
    }

    /// A result.
    ///
    /// # Errors
    /// When it is no number.
    #[lazy]
    pub fn number(&self) -> Result<&i64, std::num::ParseIntError> {
        self.text.parse()
    }

    /// A whole result.
    ///
    /// # Errors
    /// When it is no number.
    #[lazy]
    pub fn whole(&self) -> Result<&i64, &std::num::ParseIntError> {
        self.text.parse()
    }

    /// Of the struct.
    #[lazy]
    #[must_use]
    pub fn word(&self) -> Option<&'h str> {
        return self.text.split(' ').next();
    }

    /// Of the program.
    #[lazy]
    #[deprecated = "there is a better one"]
    #[must_use]
    pub fn fixed(&self) -> &'static str {
        "fixed"
    }
}

#[lazy(sync, field = titles, home = 1)]
impl<T: Clone, const N: usize> Shape for Host<'_, T, N> {
    #[lazy]
    fn title(&self) -> &str {
        format!("{} {N}", self.text)
    }
}

/// With a static.
#[lazy]
#[derive(Debug)]
pub struct Plain {}

#[lazy(sync)]
impl Plain {
    /// Makes one.
    #[must_use]
    pub const fn new() -> Self {
        Self {}
    }

    /// For the program.
    #[lazy]
    #[must_use]
    pub fn program() -> &'static str {
        String::from("program")
    }
}

impl Default for Plain {
    fn default() -> Self {
        Self::new()
    }
}

/// A function.
#[lazy]
#[must_use]
pub fn function() -> &'static [u8] {
    vec![1]
}

/// Without the macro.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Bare {
    /// The input.
    pub x: u32,
    /// Twice the input.
    pub twice: LazyProperty<u32, fn(&Self) -> u32>,
}

/// Bodies of one line, whose braces rustc looks at.
#[lazy]
#[derive(Debug)]
pub struct Line {
    text: String,
}

#[rustfmt::skip]
#[lazy(sync)]
impl Line {
    /// Makes one.
    #[must_use]
    pub fn new(text: &str) -> Self { Self { text: text.into() } }

    /// Lends.
    #[lazy]
    #[must_use]
    pub fn upper(&self) -> &str { self.text.to_uppercase() }

    /// Names what it reads.
    #[lazy(depends(text))]
    #[must_use]
    pub fn length(&self) -> usize { length_of(self) }

    /// Races.
    #[lazy(racing)]
    #[must_use]
    pub fn first(&self) -> &str { self.text.chars().take(1).collect::<String>() }

    /// Is changed in place.
    #[lazy(mut)]
    pub fn words(&self) -> &[String] { vec![self.text.clone()] }

    /// May fail.
    ///
    /// # Errors
    /// If the text is not a number.
    #[lazy]
    pub fn number(&self) -> Result<&u32, std::num::ParseIntError> { self.text.parse() }

    /// Changes.
    pub fn clear(&mut self) { self.text.clear() }

    /// Changes, and gives the length.
    pub fn push(&mut self, text: &str) -> usize { push(self, text) }
}

fn length_of(line: &Line) -> usize {
    line.text.len()
}

fn push(line: &mut Line, text: &str) -> usize {
    line.text.push_str(text);
    line.text.len()
}

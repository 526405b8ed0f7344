//! A mistake in the program itself, which shows when it starts.

use std::cell::RefCell;
use std::error::Error;
use std::fmt;
use std::string::String;
use std::thread_local;
use std::vec::Vec;

use super::description::Place;

/// A mistake in the program, not in the line: two commands or options of one name, a name that
/// nothing has, a parser of another type. What the macros can see is a compile error; this is the
/// rest. [`Cli::clap`](super::Cli::clap) panics with it, so a test finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    text: String,
    places: Vec<Place>,
}

impl Mistake {
    pub(super) fn new(text: String, places: impl Into<Vec<Place>>) -> Self {
        let places = places.into();
        Self { text, places }
    }

    /// Where in the source it is: both places, if two don't go together.
    #[must_use]
    pub fn places(&self) -> &[Place] {
        &self.places
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        for (i, place) in self.places.iter().enumerate() {
            let before = if i == 0 { ": at" } else { " and at" };
            write!(f, "{before} {place}")?;
        }
        Ok(())
    }
}

impl Error for Mistake {}

// Arguments are added by a function that clap calls when it has chosen the command, and that gives
// back a command and nothing else. What it finds goes around clap.
thread_local!(static NOTED: RefCell<Option<Mistake>> = const { RefCell::new(None) });

/// Notes the first mistake that is found while arguments are added.
pub(super) fn note(mistake: Mistake) {
    NOTED.with_borrow_mut(|noted| {
        noted.get_or_insert(mistake);
    });
}

/// Whether there is one.
pub(super) fn is_noted() -> bool {
    NOTED.with_borrow(Option::is_some)
}

/// Takes what was noted.
///
/// # Errors
/// The mistake.
pub(super) fn noted() -> Result<(), Mistake> {
    NOTED.take().map_or(Ok(()), Err)
}

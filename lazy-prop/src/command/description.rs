//! The part of a command that its parents show.

use std::fmt;

use clap::Command;

/// The facts about a command before it is chosen.
pub(super) struct Description {
    /// The command without its arguments.
    pub(super) command: Command,
    /// The first paragraph of the doc comment.
    pub(super) about: &'static str,
    /// The heading above it in the list. Empty means the usual one.
    pub(super) heading: &'static str,
    /// Where it is declared.
    pub(super) place: Place,
    /// Adds the arguments.
    pub(super) build: fn(Command) -> Command,
}

/// A place in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    file: &'static str,
    line: u32,
}

impl Place {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(file: &'static str, line: u32) -> Self {
        Self { file, line }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

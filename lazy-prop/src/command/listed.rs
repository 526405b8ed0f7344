//! Lists of commands: `commands![add, list]`.

use std::fmt;

use super::entry::Entry;

/// Commands that are listed by hand. [`commands!`](crate::commands) makes it.
#[derive(Clone, Copy)]
pub struct Commands(&'static [&'static Entry]);

impl Commands {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(entries: &'static [&'static Entry]) -> Self {
        Self(entries)
    }

    pub(super) fn entries(self) -> &'static [&'static Entry] {
        self.0
    }
}

/// Shows the words of each command.
impl fmt::Debug for Commands {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(paths(self.0)).finish()
    }
}

pub(super) fn paths<'e>(entries: &'e [&'static Entry]) -> impl Iterator<Item = &'static str> + 'e {
    entries.iter().map(|entry| entry.path)
}

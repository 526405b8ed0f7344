//! The names of services on the command line: a name, or a pattern for several.

use std::fmt;
use std::str::FromStr;

use crate::name::Name;

/// A name, or a pattern with `*`, `?` or `[…]`, which names do not contain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    /// The service of this name.
    Name(Name),
    /// All services whose names match.
    Glob(glob::Pattern),
}

impl FromStr for Pattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.contains(['*', '?', '[']) {
            let glob = glob::Pattern::new(text).map_err(|error| error.msg.to_owned())?;
            return Ok(Self::Glob(glob));
        }
        text.parse()
            .map(Self::Name)
            .map_err(|error: crate::name::BadName| error.to_string())
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => name.fmt(f),
            Self::Glob(glob) => f.write_str(glob.as_str()),
        }
    }
}

impl Pattern {
    /// Whether it matches the service with this name.
    #[must_use]
    pub fn matches(&self, name: &Name) -> bool {
        match self {
            Self::Name(own) => own == name,
            Self::Glob(glob) => glob.matches(name.as_str()),
        }
    }

    /// Whether it means the service with this name: it matches, or the service is an instance of it.
    #[must_use]
    pub fn means(&self, name: &Name) -> bool {
        self.matches(name) || matches!(self, Self::Name(own) if name.is_instance_of(own))
    }
}

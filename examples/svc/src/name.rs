//! The name of a service.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The longest name, in bytes. Names are parts of file names.
pub const LONGEST: usize = 64;

/// The name of a service: letters, digits, `.`, `_`, `@` and `-`, the first a letter or a digit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

impl Name {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of an instance: `web@3`.
    ///
    /// # Errors
    /// If it is too long.
    pub fn instance(&self, number: u32) -> Result<Self, BadName> {
        format!("{self}@{number}").parse()
    }

    /// The number of an instance, and the name that it shares with the others.
    #[must_use]
    pub fn split_instance(&self) -> Option<(&str, u32)> {
        let (name, number) = self.0.rsplit_once('@')?;
        Some((name, number.parse().ok()?))
    }

    /// Whether it is an instance of that service.
    #[must_use]
    pub fn is_instance_of(&self, other: &Self) -> bool {
        self.split_instance()
            .is_some_and(|(name, _)| name == other.0)
    }
}

/// Why a text is not a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadName {
    /// It is empty.
    Empty,
    /// It has more than [`LONGEST`] bytes.
    Long,
    /// It starts with something that is neither a letter nor a digit.
    Start,
    /// It has this character, which names cannot have.
    Character(char),
}

impl fmt::Display for BadName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("a name has at least one character"),
            Self::Long => write!(f, "a name has at most {LONGEST} bytes"),
            Self::Start => f.write_str("a name starts with a letter or a digit"),
            Self::Character(c) => write!(
                f,
                "a name has letters, digits, `.`, `_`, `@` and `-` only, and no {c:?}"
            ),
        }
    }
}

impl std::error::Error for BadName {}

impl FromStr for Name {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        let first = text.chars().next().ok_or(BadName::Empty)?;
        if text.len() > LONGEST {
            return Err(BadName::Long);
        }
        let known = |c: &char| c.is_alphanumeric() || "._@-".contains(*c);
        if let Some(c) = text.chars().find(|c| !known(c)) {
            return Err(BadName::Character(c));
        }
        if !first.is_alphanumeric() {
            return Err(BadName::Start);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for Name {
    type Error = BadName;

    fn try_from(text: String) -> Result<Self, BadName> {
        text.parse()
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

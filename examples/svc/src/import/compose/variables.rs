//! Variables in the texts of a compose file: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME?why}`. A
//! dollar is written `$$`.

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs};

use crate::env_file;

/// The variables of our environment, and of the `.env` beside the file.
pub(super) struct Variables {
    file: BTreeMap<String, String>,
}

impl Variables {
    pub(super) fn of(here: &Path) -> Self {
        let text = fs::read_to_string(here.join(".env")).unwrap_or_default();
        let (file, _) = env_file::parse(&text);
        Self { file }
    }

    fn get(&self, name: &str) -> Option<String> {
        env::var(name).ok().or_else(|| self.file.get(name).cloned())
    }

    /// A text with the values of its variables. One that is not set is empty.
    pub(super) fn replace(&self, text: &str) -> Result<String, String> {
        let mut replaced = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            replaced.push_str(before);
            if let Some(after) = after.strip_prefix('$') {
                replaced.push('$');
                rest = after;
            } else if let Some(inside) = after.strip_prefix('{') {
                let (word, after) = inside.split_once('}').ok_or("a `${` has no end")?;
                replaced.push_str(&self.value(word)?);
                rest = after;
            } else {
                let end = after.find(|c: char| !is_of_name(c)).unwrap_or(after.len());
                if end == 0 {
                    return Err("a dollar is written `$$`".to_owned());
                }
                replaced.push_str(&self.get(&after[..end]).unwrap_or_default());
                rest = &after[end..];
            }
        }
        replaced.push_str(rest);
        Ok(replaced)
    }

    /// The value of what is between the braces.
    fn value(&self, word: &str) -> Result<String, String> {
        let end = word.find(|c: char| !is_of_name(c)).unwrap_or(word.len());
        let (name, rest) = word.split_at(end);
        let value = self.get(name);
        // With a colon an empty value counts as none.
        let (value, rest) = match rest.strip_prefix(':') {
            Some(rest) => (value.filter(|value| !value.is_empty()), rest),
            None => (value, rest),
        };
        let (kind, other) = rest.split_at(rest.chars().next().map_or(0, char::len_utf8));
        match (kind, value) {
            ("", value) => Ok(value.unwrap_or_default()),
            ("-" | "?", Some(value)) => Ok(value),
            ("-", None) => Ok(other.to_owned()),
            ("?", None) => Err(format!("{name}: {other}")),
            ("+", value) => Ok(value.map(|_| other.to_owned()).unwrap_or_default()),
            _ => Err(format!("`${{{word}}}` has an unknown form")),
        }
    }
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

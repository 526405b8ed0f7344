//! A table of the configuration, read as the settings of one thing.

use std::ops::Range;

use serde::de::DeserializeOwned;
use serde::de::IntoDeserializer;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::files::Fault;

/// A named table that knows the position of each key.
#[derive(Debug, Clone, Default)]
pub struct Section {
    /// The name: `ping db` of `[collectors."ping db"]`.
    pub name: String,
    span: Range<usize>,
    table: DeTable<'static>,
}

impl PartialEq for Section {
    /// Whether both have the same content, at whatever positions.
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.plain() == other.plain()
    }
}

impl Section {
    /// An empty section, for something without configuration.
    #[must_use]
    pub fn empty(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            span: 0..0,
            table: DeTable::new(),
        }
    }

    /// An empty section with this name.
    pub(super) fn named(name: &Spanned<String>) -> Self {
        Self {
            name: name.get_ref().clone(),
            span: name.span(),
            table: DeTable::new(),
        }
    }

    /// The value as a section, if it is a table.
    pub(super) fn of(name: &str, value: &Spanned<DeValue<'static>>) -> Option<Self> {
        let table = value.get_ref().as_table()?.clone();
        Some(Self {
            name: name.to_owned(),
            span: value.span(),
            table,
        })
    }

    /// The kind that it configures: `ping` for `ping db`.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.name.split(' ').next().unwrap_or_default()
    }

    /// Fills in, from another section, the keys that this one lacks.
    #[must_use]
    pub(super) fn over(mut self, base: &Self) -> Self {
        let mut table = base.table.clone();
        overlay(&mut table, std::mem::take(&mut self.table));
        Self { table, ..self }
    }

    /// Moves the keys of this list into a section of their own.
    #[must_use]
    pub fn split(mut self, keys: &[&str]) -> (Self, Self) {
        let mut taken = Self {
            name: self.name.clone(),
            span: self.span.clone(),
            table: DeTable::new(),
        };
        for key in keys {
            if let Some((key, value)) = self.table.remove_entry(*key) {
                taken.table.insert(key, value);
            }
        }
        (taken, self)
    }

    /// A fault of the whole section.
    pub fn fault(&self, message: impl Into<String>) -> Fault {
        Fault::new(self.span.clone(), message)
    }

    /// Reads the settings.
    ///
    /// # Errors
    /// Every mistake in the section.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Vec<Fault>> {
        match self.read_most() {
            (Some(settings), faults) if faults.is_empty() => Ok(settings),
            (_, faults) => Err(faults),
        }
    }

    /// Reads the settings as far as possible and reports every mistake. A wrong value is removed
    /// and the rest is read again, so that one mistake does not hide another.
    pub(super) fn read_most<T: DeserializeOwned>(&self) -> (Option<T>, Vec<Fault>) {
        let mut table = self.table.clone();
        let mut faults = vec![];
        loop {
            let whole = Spanned::new(self.span.clone(), table.clone());
            let error = match T::deserialize(whole.into_deserializer()) {
                Ok(settings) => return (Some(settings), faults),
                Err(error) => error,
            };
            let fault = Fault::of(&error, &self.span);
            let is_in = |(key, value): &(&Spanned<DeString<'_>>, &Spanned<DeValue<'_>>)| {
                key.span().start <= fault.span.start && fault.span.end <= value.span().end
            };
            let Some(wrong) = table
                .iter()
                .find(is_in)
                .map(|(key, _)| key.get_ref().clone())
            else {
                // A missing key may be the value that was removed.
                if faults.is_empty() {
                    faults.push(fault);
                }
                return (None, faults);
            };
            faults.push(fault);
            table.remove(wrong.as_ref());
        }
    }

    /// The table without positions.
    fn plain(&self) -> toml::Table {
        let whole = Spanned::new(self.span.clone(), self.table.clone());
        serde::Deserialize::deserialize(whole.into_deserializer()).unwrap_or_default()
    }
}

/// Lays one table over another: tables are merged, other values replaced.
pub(super) fn overlay(base: &mut DeTable<'static>, over: DeTable<'static>) {
    for (key, value) in over {
        let old = base.get_mut(key.get_ref().as_ref()).map(Spanned::get_mut);
        if let (Some(DeValue::Table(old)), DeValue::Table(new)) = (old, value.get_ref()) {
            overlay(old, new.clone());
        } else {
            // The key too, because its position is that of the value.
            base.remove(key.get_ref().as_ref());
            base.insert(key, value);
        }
    }
}

/// Both values, or the faults of both.
pub(crate) fn both<A, B>(
    a: Result<A, Vec<Fault>>,
    b: Result<B, Vec<Fault>>,
) -> Result<(A, B), Vec<Fault>> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (Err(faults), Ok(_)) | (Ok(_), Err(faults)) => Err(faults),
        (Err(a), Err(b)) => Err([a, b].concat()),
    }
}

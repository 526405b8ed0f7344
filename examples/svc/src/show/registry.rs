//! The outcome of commands for the registry itself, for people and programs.

use std::fmt;
use std::path::Path;

use serde::Serialize;

use crate::name::Name;
use crate::registry::{Initialized, Recovered};

/// The outcome of `initialize`.
#[derive(Debug, Serialize)]
pub struct Initialization<'a> {
    registry: &'a Path,
    outcome: &'static str,
    sql: &'a [String],
    unknown: &'a [String],
    backup: Option<&'a Path>,
}

impl<'a> Initialization<'a> {
    /// It is done.
    #[must_use]
    pub fn done(registry: &'a Path, done: &'a Initialized) -> Self {
        let outcome = match (done.created, done.applied.is_empty()) {
            (true, _) => "made",
            (_, true) => "unchanged",
            _ => "migrated",
        };
        Self {
            registry,
            outcome,
            sql: &done.applied,
            unknown: &done.kept,
            backup: done.backup.as_deref(),
        }
    }

    /// This SQL would do it.
    #[must_use]
    pub fn planned(registry: &'a Path, sql: &'a [String]) -> Self {
        Self {
            registry,
            outcome: "planned",
            sql,
            unknown: &[],
            backup: None,
        }
    }
}

impl fmt::Display for Initialization<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcome = match self.outcome {
            "planned" => return self.sql.iter().try_for_each(|sql| writeln!(f, "{sql};")),
            "unchanged" => "exists already",
            outcome => outcome,
        };
        writeln!(f, "{}: {outcome}", self.registry.display())?;
        for unknown in self.unknown {
            writeln!(f, "kept, but unknown to this program: {unknown}")?;
        }
        match self.backup {
            Some(backup) => writeln!(f, "a copy of the old one: {}", backup.display()),
            None => Ok(()),
        }
    }
}

/// The findings of a recovery.
#[derive(Debug, Serialize)]
pub struct Recovery<'a> {
    registry: &'a Path,
    damage: Option<&'a str>,
    damaged_file: Option<&'a Path>,
    running: &'a [Name],
    from_copies: &'a [Name],
    lost: &'a [String],
}

impl<'a> Recovery<'a> {
    /// Of a registry.
    #[must_use]
    pub fn of(registry: &'a Path, found: &'a Recovered) -> Self {
        Self {
            registry,
            damage: found.damage.as_deref(),
            damaged_file: found.aside.as_deref(),
            running: &found.hidden,
            from_copies: &found.from_mirrors,
            lost: &found.lost,
        }
    }
}

impl fmt::Display for Recovery<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let registry = self.registry.display();
        match self.damage {
            None => writeln!(f, "{registry}: is whole")?,
            Some(damage) => writeln!(f, "{registry}: was damaged ({damage}), and is made anew")?,
        }
        if let Some(file) = self.damaged_file {
            writeln!(f, "the damaged one: {}", file.display())?;
        }
        for name in self.running {
            writeln!(f, "{name}: runs, and has its row again")?;
        }
        for name in self.from_copies {
            writeln!(f, "{name}: from its copy")?;
        }
        self.lost
            .iter()
            .try_for_each(|lost| writeln!(f, "lost: {lost}"))
    }
}

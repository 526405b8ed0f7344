//! Imports services from other files: a `Procfile`, a `supervisord.conf`, pm2's ecosystem in JSON, a
//! compose file.

mod compose;
mod pm2;
mod procfile;
mod supervisor;

use std::path::{Path, PathBuf};
use std::{env, fmt, fs, io};

use clap::ValueEnum;
use serde::Serialize;

use crate::error::Error;
use crate::name::Name;
use crate::service::Service;

/// Whose file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A Procfile, with the .env beside it
    Procfile,
    /// A supervisord.conf
    Supervisor,
    /// pm2's ecosystem, as JSON
    Pm2,
    /// A compose file
    Compose,
}

impl Format {
    /// By the name of the file.
    #[must_use]
    pub fn of(file: &Path) -> Option<Self> {
        let name = file.file_name()?.to_str()?;
        let ends = |end: &str| file.extension().is_some_and(|extension| extension == end);
        if name.starts_with("Procfile") {
            Some(Self::Procfile)
        } else if ends("conf") || ends("ini") {
            Some(Self::Supervisor)
        } else if ends("json") {
            Some(Self::Pm2)
        } else if ends("yaml") || ends("yml") {
            Some(Self::Compose)
        } else {
            None
        }
    }
}

/// The content of a file.
#[derive(Debug, Default)]
pub struct Imported {
    /// The services.
    pub services: Vec<Service>,
    /// The settings that could not be kept, one on each line.
    pub notes: Vec<String>,
}

/// The outcome of an import, for people and programs.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    file: &'a Path,
    is_added: bool,
    services: Vec<Line<'a>>,
    notes: &'a [String],
}

#[derive(Debug, Serialize)]
struct Line<'a> {
    name: &'a Name,
    command: &'a [String],
}

impl<'a> Report<'a> {
    /// Of the content of a file.
    #[must_use]
    pub fn of(file: &'a Path, imported: &'a Imported, is_added: bool) -> Self {
        let services = imported.services.iter().map(|service| Line {
            name: &service.name,
            command: &service.command,
        });
        Self {
            file,
            is_added,
            services: services.collect(),
            notes: &imported.notes,
        }
    }
}

/// The services. The notes are printed on standard error.
impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Line { name, command } in &self.services {
            writeln!(f, "{name}: {}", shell_words::join(*command))?;
        }
        Ok(())
    }
}

impl Imported {
    fn note(&mut self, place: impl std::fmt::Display, what: &str) {
        self.notes.push(format!("{place}: {what}"));
    }
}

/// Reads a file.
///
/// # Errors
/// If it cannot be read or understood. Then nothing is imported.
pub fn read(file: &Path, format: Option<Format>) -> Result<Imported, Error> {
    let Some(format) = format.or_else(|| Format::of(file)) else {
        return Err(Error::Import(
            file.to_owned(),
            "whose file is it? Say so with `--format`".to_owned(),
        ));
    };
    let failed = |error: io::Error| Error::file(file, error);
    let text = fs::read_to_string(file).map_err(failed)?;
    let here = std::path::absolute(file).map_err(failed)?;
    let here = here.parent().unwrap_or(Path::new("/")).to_owned();
    let read = match format {
        Format::Procfile => procfile::read(&text, &here),
        Format::Supervisor => supervisor::read(&text, &here),
        Format::Pm2 => pm2::read(&text, &here),
        Format::Compose => compose::read(&text, &here),
    };
    read.map_err(|why| Error::Import(file.to_owned(), why))
}

/// A path in a file. `~` is the home directory.
fn path(text: &str, here: &Path) -> PathBuf {
    let home = || {
        text.strip_prefix("~/")
            .and_then(|rest| Some(env::home_dir()?.join(rest)))
    };
    home().unwrap_or_else(|| here.join(text))
}

//! The configuration: TOML files in layers, of which the later one wins.
//!
//! 1. the main file
//! 2. `*.toml` of the directory `[configs] path`, in the order of their names
//! 3. `NAME.toml` of the directory `[server] handlers_config_path`, as `[handlers.NAME]`
//! 4. `NAME.toml` of the directory `[server] collectors_config_path`, as `[collectors.NAME]`
//!
//! The keys of `[collectors.default]` and `[handlers.default]` apply to all sections that lack
//! them.

mod files;
mod seconds;
mod section;

use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub use files::{Fault, Files, Mistake};
pub use seconds::Seconds;
pub use section::Section;
pub(crate) use section::both;

/// The whole configuration.
#[derive(Debug, Default)]
pub struct Config {
    /// `[server]`.
    pub server: Server,
    /// The sections below `[collectors]`, laid over its default.
    pub collectors: Vec<Section>,
    /// The sections of the handlers in `[server] handlers`.
    pub handlers: Vec<Section>,
    default_collector: Section,
    files: Files,
    faults: Vec<Fault>,
}

/// `[server]`: the settings of the daemon.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// The names of the handlers that get all metrics.
    pub handlers: Vec<Spanned<String>>,
    /// A directory with a file for each handler.
    pub handlers_config_path: Option<PathBuf>,
    /// A directory with a file for each collector.
    pub collectors_config_path: Option<PathBuf>,
    /// The path of `/proc`.
    pub proc: PathBuf,
    /// The seconds that handlers have for queued metrics when the daemon ends.
    pub stop_limit: Seconds,
    /// The interval in which a repeated message is logged once, in seconds.
    pub log_interval: Seconds,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            handlers: vec![],
            handlers_config_path: None,
            collectors_config_path: None,
            proc: "/proc".into(),
            stop_limit: Seconds(10.0),
            log_interval: Seconds(120.0),
        }
    }
}

/// `[configs]`: more files.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Configs {
    path: PathBuf,
}

/// The mistakes of a configuration, one on each line.
#[derive(Debug)]
pub struct Mistakes(pub Vec<Mistake>);

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for Mistakes {}

impl Config {
    /// Reads the file and every file that it names.
    ///
    /// # Errors
    /// If the file cannot be read. [`verify`](Self::verify) reports all other mistakes.
    pub fn load(path: &Path) -> io::Result<Self> {
        let mut config = Self::default();
        let mut main = config.files.read(path, &mut config.faults)?;
        config.read_more_files(path, &mut main);
        let sections = config.take_sections(&mut main);
        config.server = config.read_server(&mut main);
        let [mut collectors, mut handlers] = sections;
        let at = |directory: &Option<PathBuf>| Some(beside(path, directory.as_ref()?));
        config.read_directory(at(&config.server.handlers_config_path), &mut handlers);
        config.read_directory(at(&config.server.collectors_config_path), &mut collectors);
        for key in main.keys() {
            let message = format!("there is no section `{}`", key.get_ref());
            config.faults.push(Fault::new(key.span(), message));
        }
        let default = |sections: &mut Vec<Section>| {
            let place = sections
                .iter()
                .position(|section| section.name == "default");
            place.map_or_else(|| Section::empty("default"), |place| sections.remove(place))
        };
        let base = default(&mut handlers);
        let wanted = config.server.handlers.iter().map(|name| {
            let found = handlers
                .iter()
                .find(|section| section.name == *name.get_ref());
            found
                .cloned()
                .unwrap_or_else(|| Section::named(name))
                .over(&base)
        });
        config.handlers = wanted.collect();
        let base = default(&mut collectors);
        config.collectors = collectors
            .into_iter()
            .map(|section| section.over(&base))
            .collect();
        config.default_collector = base;
        Ok(config)
    }

    /// The section of a collector, or only `default` if it has none.
    #[must_use]
    pub fn collector(&self, name: &str) -> Section {
        let found = self.collectors.iter().find(|section| section.name == name);
        found
            .cloned()
            .unwrap_or_else(|| Section::empty(name).over(&self.default_collector))
    }

    /// Adds faults.
    pub fn add(&mut self, faults: impl IntoIterator<Item = Fault>) {
        self.faults.extend(faults);
    }

    /// Checks the configuration.
    ///
    /// # Errors
    /// Every mistake that was found.
    pub fn verify(&self) -> Result<(), Mistakes> {
        let mut mistakes: Vec<_> = self
            .faults
            .iter()
            .map(|fault| self.files.locate(fault))
            .collect();
        mistakes.sort();
        mistakes.dedup();
        if mistakes.is_empty() {
            Ok(())
        } else {
            Err(Mistakes(mistakes))
        }
    }

    /// The files of `[configs]`.
    fn read_more_files(&mut self, path: &Path, main: &mut DeTable<'static>) {
        let Some(section) = main.remove("configs") else {
            return;
        };
        let Some(section) = self.table("configs", &section) else {
            return;
        };
        match section.read::<Configs>() {
            Ok(configs) => {
                for file in self.list(&beside(path, &configs.path), &section) {
                    if let Some(table) = self.read(&file, &section) {
                        section::overlay(main, table);
                    }
                }
            }
            Err(faults) => self.faults.extend(faults),
        }
    }

    fn read_server(&mut self, main: &mut DeTable<'static>) -> Server {
        let Some(section) = main.remove("server") else {
            self.faults
                .push(Fault::new(0..0, "the section `[server]` is missing"));
            return Server::default();
        };
        let Some(section) = self.table("server", &section) else {
            return Server::default();
        };
        let (server, faults) = section.read_most::<Server>();
        self.faults.extend(faults);
        let Some(server) = server else {
            return Server::default();
        };
        if server.handlers.is_empty() {
            self.faults
                .push(section.fault("`handlers` names no handler"));
        }
        server
    }

    /// The sections below `[collectors]` and `[handlers]`.
    fn take_sections(&mut self, main: &mut DeTable<'static>) -> [Vec<Section>; 2] {
        ["collectors", "handlers"].map(|group| {
            let Some(value) = main.remove(group) else {
                return vec![];
            };
            let Some(table) = value.get_ref().as_table() else {
                self.faults
                    .push(Fault::new(value.span(), format!("`{group}` is no table")));
                return vec![];
            };
            let sections = table
                .iter()
                .map(|(name, value)| self.table(name.get_ref(), value));
            sections.collect::<Vec<_>>().into_iter().flatten().collect()
        })
    }

    /// Lays the files of a directory over the sections with their names.
    fn read_directory(&mut self, directory: Option<PathBuf>, sections: &mut Vec<Section>) {
        let Some(directory) = directory else { return };
        let whole = Section::empty("");
        for file in self.list(&directory, &whole) {
            let name = file
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let Some(table) = self.read(&file, &whole) else {
                continue;
            };
            let end = self.files.end();
            let value = Spanned::new(end..end, DeValue::Table(table));
            let Some(mut section) = Section::of(&name, &value) else {
                continue;
            };
            if let Some(place) = sections.iter().position(|section| section.name == name) {
                section = section.over(&sections.remove(place));
            }
            sections.push(section);
        }
    }

    /// The `*.toml` files of a directory, sorted by name.
    fn list(&mut self, directory: &Path, section: &Section) -> Vec<PathBuf> {
        let entries = fs::read_dir(directory).and_then(Iterator::collect::<io::Result<Vec<_>>>);
        let entries = entries.unwrap_or_else(|error| {
            self.faults
                .push(section.fault(format!("{}: {error}", directory.display())));
            vec![]
        });
        let paths = entries.iter().map(fs::DirEntry::path);
        let mut files: Vec<_> = paths
            .filter(|path| path.extension().is_some_and(|it| it == "toml"))
            .collect();
        files.sort();
        files
    }

    fn read(&mut self, file: &Path, section: &Section) -> Option<DeTable<'static>> {
        let read = self.files.read(file, &mut self.faults);
        read.inspect_err(|error| {
            self.faults
                .push(section.fault(format!("{}: {error}", file.display())));
        })
        .ok()
    }

    fn table(&mut self, name: &str, value: &Spanned<DeValue<'static>>) -> Option<Section> {
        let section = Section::of(name, value);
        if section.is_none() {
            self.faults
                .push(Fault::new(value.span(), format!("`{name}` is no table")));
        }
        section
    }
}

/// A path, relative to the file that names it.
fn beside(file: &Path, path: &Path) -> PathBuf {
    file.parent().unwrap_or(Path::new("")).join(path)
}

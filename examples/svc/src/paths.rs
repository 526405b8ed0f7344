//! The paths of all files.

use std::path::{Path, PathBuf};
use std::{env, io};

use clap::builder::{OsStringValueParser, TypedValueParser};

use crate::error::Error;
use crate::events::Events;
use crate::log::Log;
use crate::name::Name;

/// The longest path of a registry. SQLite allows 512 bytes, including its suffixes.
const LONGEST: usize = 480;

/// The variable with the path of the registry.
pub const DB: &str = "SVC_DB";

/// A file name. An empty one can only come from the variable, which then counts as not set.
#[must_use]
pub fn registry_file() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().try_map(|name| {
        let is_unset = || env::var_os(DB).is_some_and(|file| file.is_empty());
        if name.is_empty() && !is_unset() {
            return Err("it is empty");
        }
        Ok(PathBuf::from(name))
    })
}

/// The files of one registry: the registry itself, and beside it one directory for the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// The path as given.
    name: PathBuf,
    /// The real path, as far as it exists. So the services have one lock and one state each,
    /// whatever name the registry is given.
    registry: PathBuf,
    /// The directory of all other files.
    home: PathBuf,
}

impl Paths {
    /// The paths for the given registry file, or for the user's default:
    /// `$XDG_STATE_HOME/svc/registry.db`, or `~/.local/state` if that is not set.
    ///
    /// # Errors
    /// If there is neither, or the directory we are in is gone.
    pub fn of(registry: Option<&Path>) -> Result<Self, Error> {
        let registry = match registry {
            Some(file) => file.to_owned(),
            None => state_home().ok_or(Error::NoHome)?.join("svc/registry.db"),
        };
        let absolute = std::path::absolute(&registry);
        let name = absolute.map_err(|error| Error::file(&registry, error))?;
        let registry = resolve(&name);
        if registry.as_os_str().len() > LONGEST {
            let error = io::Error::from_raw_os_error(libc::ENAMETOOLONG);
            return Err(Error::file(registry, error));
        }
        let home = match registry.extension() {
            Some(extension) if extension == "db" => registry.with_extension("d"),
            // Each registry has its own directory, whatever its name.
            _ => beside(&registry, ".d"),
        };
        Ok(Self {
            name,
            registry,
            home,
        })
    }

    /// The given path of the registry. It may be a symbolic link, which must be trusted as well.
    #[must_use]
    pub fn name(&self) -> &Path {
        &self.name
    }

    /// The registry.
    #[must_use]
    pub fn registry(&self) -> &Path {
        &self.registry
    }

    /// The file that SQLite keeps beside the registry while it writes.
    #[must_use]
    pub fn journal(&self) -> PathBuf {
        beside(&self.registry, "-journal")
    }

    /// The directory of all other files.
    #[must_use]
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// The lock for creating, changing or recovering the registry.
    #[must_use]
    pub fn registry_lock(&self) -> PathBuf {
        self.home.join("registry.lock")
    }

    /// The lock that all users of the open registry share. A process that replaces the file takes
    /// it alone.
    #[must_use]
    pub fn registry_use(&self) -> PathBuf {
        self.home.join("registry.use")
    }

    /// The directory with a copy of each definition, which can restore a damaged registry.
    #[must_use]
    pub fn mirrors(&self) -> PathBuf {
        self.home.join("services")
    }

    /// The copy of one definition.
    #[must_use]
    pub fn mirror(&self, name: &Name) -> PathBuf {
        self.mirrors().join(format!("{name}.json"))
    }

    /// The directory of the locks.
    #[must_use]
    pub fn locks(&self) -> PathBuf {
        self.home.join("locks")
    }

    /// The lock of a service that is starting, running or stopping.
    #[must_use]
    pub fn lock(&self, name: &Name) -> PathBuf {
        self.locks().join(name.as_str())
    }

    /// The directory of the logs.
    #[must_use]
    pub fn logs(&self) -> PathBuf {
        self.home.join("logs")
    }

    /// The log of a service.
    #[must_use]
    pub fn log(&self, name: &Name) -> Log {
        Log::of(name, &self.logs())
    }

    /// The events.
    #[must_use]
    pub fn events(&self) -> Events {
        Events::of(&self.home)
    }

    /// The directory of the states.
    #[must_use]
    pub fn states(&self) -> PathBuf {
        self.home.join("states")
    }

    /// The state of a service.
    #[must_use]
    pub fn state(&self, name: &Name) -> PathBuf {
        self.states().join(format!("{name}.json"))
    }

    /// The lock, the state and the log of a service.
    #[must_use]
    pub fn files(&self, name: &Name) -> Files {
        Files {
            lock: self.lock(name),
            state: self.state(name),
            log: self.log(name),
        }
    }
}

/// The files of one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// Its lock, which its shim holds.
    pub lock: PathBuf,
    /// Its state.
    pub state: PathBuf,
    /// Its log.
    pub log: Log,
}

/// The path of a file beside this one.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut path = path.to_owned().into_os_string();
    path.push(suffix);
    path.into()
}

/// The path without symbolic links, as far as it exists.
fn resolve(path: &Path) -> PathBuf {
    let beside = || Some(path.parent()?.canonicalize().ok()?.join(path.file_name()?));
    let resolved = path.canonicalize().ok().or_else(beside);
    resolved.unwrap_or_else(|| path.to_owned())
}

/// The base directory for state, by the XDG specification: a relative one does not count.
fn state_home() -> Option<PathBuf> {
    let set = env::var_os("XDG_STATE_HOME").map(PathBuf::from);
    set.filter(|path| path.is_absolute())
        .or_else(|| Some(env::home_dir()?.join(".local/state")))
}

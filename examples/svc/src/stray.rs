//! Processes of a service without a record, because its state was deleted or damaged.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use rustix::process::{Pid, getpid};

use crate::identity::{Process, seen};
use crate::name::Name;
use crate::paths::Paths;
use crate::stat::Stat;
use crate::{mark, tree};

/// A service that was found without its state.
#[derive(Debug)]
pub struct Stray {
    /// Its shim.
    pub shim: Option<Process>,
    /// Its processes, by the mark in their environment.
    pub marked: Vec<Process>,
}

impl Stray {
    /// The process to show.
    #[must_use]
    pub fn pid(&self) -> Option<Pid> {
        self.marked
            .first()
            .or(self.shim.as_ref())
            .map(|process| process.pid)
    }
}

/// The services of a registry that were found like this, whatever files are gone. Each command
/// looks at all processes once, and only if a service has no state.
#[derive(Debug)]
pub struct Strays {
    paths: Paths,
    /// The real directory of the locks.
    locks: PathBuf,
    found: OnceCell<BTreeMap<Name, Vec<Pid>>>,
}

impl Strays {
    /// The strays of a registry. Nothing is looked at yet.
    #[must_use]
    pub fn of(paths: &Paths) -> Self {
        let locks = fs::canonicalize(paths.locks());
        Self {
            paths: paths.clone(),
            locks: locks.unwrap_or_else(|_| paths.locks()),
            found: OnceCell::new(),
        }
    }

    /// The processes of a service without a state.
    ///
    /// # Errors
    /// Here and below: if the system lacks resources to look.
    pub fn find(&self, name: &Name) -> io::Result<Option<Stray>> {
        let mut stray = Stray {
            shim: None,
            marked: vec![],
        };
        for pid in self.found()?.get(name).into_iter().flatten() {
            // Opened first and then checked again, because the number may belong to another process
            // by now.
            let Some(process) = Process::open(*pid)? else {
                continue;
            };
            if self.looked_after(*pid)?.as_ref() == Some(name) {
                stray.shim = stray.shim.or(Some(process));
            } else if self.marked(*pid)?.as_ref() == Some(name) {
                stray.marked.push(process);
            }
        }
        Ok(stray.pid().is_some().then_some(stray))
    }

    /// All strays.
    ///
    /// # Errors
    /// As above.
    pub fn names(&self) -> io::Result<impl Iterator<Item = &Name>> {
        Ok(self.found()?.keys())
    }

    fn found(&self) -> io::Result<&BTreeMap<Name, Vec<Pid>>> {
        if let Some(found) = self.found.get() {
            return Ok(found);
        }
        let found = self.search()?;
        Ok(self.found.get_or_init(|| found))
    }

    fn search(&self) -> io::Result<BTreeMap<Name, Vec<Pid>>> {
        let mut found: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for pid in tree::all()?.into_iter().filter(|pid| *pid != getpid()) {
            let name = self.looked_after(pid)?;
            let name = name.map_or_else(|| self.marked(pid), |name| Ok(Some(name)))?;
            if let Some(name) = name {
                found.entry(name).or_default().push(pid);
            }
        }
        Ok(found)
    }

    /// The service that a process belongs to, by its environment. A shim has the environment of its
    /// starter.
    fn marked(&self, pid: Pid) -> io::Result<Option<Name>> {
        if seen(Stat::of(pid))?.is_none_or(|stat| stat.is_shim) {
            return Ok(None);
        }
        let states = mark::marked_states(pid)?;
        Ok(states.iter().find_map(|state| {
            let file = state.strip_prefix(self.paths.states()).ok()?.to_str()?;
            file.strip_suffix(".json")?.parse().ok()
        }))
    }

    /// The service of a shim: it is named like one, has the lock open, and waits for signals. A
    /// command may have the lock open too, but does not do the rest.
    fn looked_after(&self, pid: Pid) -> io::Result<Option<Name>> {
        if !seen(Stat::of(pid))?.is_some_and(|stat| stat.is_shim || stat.is_foreground_shim) {
            return Ok(None);
        }
        let Some(files) = seen(fs::read_dir(format!("/proc/{pid}/fd")))? else {
            return Ok(None);
        };
        let files = files.flatten();
        let files = files.filter_map(|file| fs::read_link(file.path()).ok());
        let files: Vec<PathBuf> = files.collect();
        let waits = files
            .iter()
            .any(|file| file == Path::new("anon_inode:[signalfd]"));
        let mut locks = files.iter().filter_map(|file| self.locked(file));
        Ok(locks.next().filter(|_| waits))
    }

    /// The service of a lock file, even if it was deleted.
    fn locked(&self, file: &Path) -> Option<Name> {
        let lock = file.strip_prefix(&self.locks).ok()?.to_str()?;
        lock.strip_suffix(" (deleted)").unwrap_or(lock).parse().ok()
    }
}

//! What runs of a service though it is written nowhere: its state was deleted or damaged meanwhile.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use rustix::process::{Pid, getpid};

use crate::identity::{Process, seen};
use crate::name::Name;
use crate::paths::Paths;
use crate::tree::{self, Stat};

/// What is found of a service without its state.
#[derive(Debug)]
pub struct Stray {
    /// Who looks after it.
    pub shim: Option<Process>,
    /// Its processes, by the mark in their environment.
    pub marked: Vec<Process>,
}

impl Stray {
    /// The process to be shown.
    #[must_use]
    pub fn pid(&self) -> Option<Pid> {
        self.marked
            .first()
            .or(self.shim.as_ref())
            .map(|process| process.pid)
    }
}

/// The services of a registry of which something is found so, whatever files are gone. All processes are looked
/// at, once in a command, and only when a service has no state.
#[derive(Debug)]
pub struct Strays {
    paths: Paths,
    /// Where the locks really are.
    locks: PathBuf,
    found: OnceCell<BTreeMap<Name, Vec<Pid>>>,
}

impl Strays {
    /// Those of a registry; nothing is looked at yet.
    #[must_use]
    pub fn of(paths: &Paths) -> Self {
        let locks = fs::canonicalize(paths.locks());
        Self {
            paths: paths.clone(),
            locks: locks.unwrap_or_else(|_| paths.locks()),
            found: OnceCell::new(),
        }
    }

    /// What runs of a service that has no state.
    ///
    /// # Errors
    /// Here and below: if we lack what it takes to look.
    pub fn find(&self, name: &Name) -> io::Result<Option<Stray>> {
        let mut stray = Stray {
            shim: None,
            marked: vec![],
        };
        for pid in self.found()?.get(name).into_iter().flatten() {
            // Opened first, and asked again what it is: its number may be another's by now.
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

    /// Who is found.
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

    /// The service that a process belongs to, by its environment. A shim has that of whoever started
    /// it.
    fn marked(&self, pid: Pid) -> io::Result<Option<Name>> {
        if seen(Stat::of(pid))?.is_none_or(|stat| stat.is_shim) {
            return Ok(None);
        }
        let states = tree::marked_states(pid)?;
        Ok(states.iter().find_map(|state| {
            let file = state.strip_prefix(self.paths.states()).ok()?.to_str()?;
            file.strip_suffix(".json")?.parse().ok()
        }))
    }

    /// The service that a process is the shim of: it is called so, has the lock open, and waits for signals.
    /// A command may have the lock open as well, but does not.
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

    /// The service that a lock is of, also if it was deleted.
    fn locked(&self, file: &Path) -> Option<Name> {
        let lock = file.strip_prefix(&self.locks).ok()?.to_str()?;
        lock.strip_suffix(" (deleted)").unwrap_or(lock).parse().ok()
    }
}

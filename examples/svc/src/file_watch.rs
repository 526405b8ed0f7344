//! Files whose change restarts a service.
//!
//! The shim forks, so it has no threads, and asks `inotify` itself. When something has changed and
//! then nothing more for a moment, the service starts again, and all is watched anew.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::fs::inotify::{self, CreateFlags, ReadFlags, WatchFlags};
use serde::{Deserialize, Serialize};

use crate::millis;

/// The names that editors, version control and interpreters make. Their changes do not count.
const IGNORED: [&str; 5] = [".*", "*~", "*.pyc", "__pycache__", "node_modules"];

/// What to watch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watch {
    /// Files, and directories with everything in them. All are absolute.
    pub paths: Vec<PathBuf>,
    /// Patterns of names, or of whole paths, that do not count.
    pub ignore: Vec<String>,
    /// How long nothing may change before the service starts again.
    #[serde(with = "millis")]
    pub pause: Duration,
}

impl Default for Watch {
    fn default() -> Self {
        Self {
            paths: vec![],
            ignore: vec![],
            pause: Duration::from_millis(500),
        }
    }
}

/// The names in a directory that count.
#[derive(Debug)]
enum Names {
    All,
    These(BTreeSet<OsString>),
}

/// The watched files of one service.
#[derive(Debug)]
pub struct FileWatch {
    inotify: OwnedFd,
    /// The directories, by their number.
    places: BTreeMap<i32, (PathBuf, Names)>,
    ignore: Vec<glob::Pattern>,
    /// The directory of the registry.
    registry: Option<PathBuf>,
    pause: Duration,
    /// The last change, and when it was.
    last: Option<(PathBuf, Instant)>,
}

impl AsFd for FileWatch {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.inotify.as_fd()
    }
}

impl FileWatch {
    /// Watches files from now on, if there are any. The files of the registry, which has the state
    /// in this file, do not count.
    ///
    /// # Errors
    /// If the system refuses, such as for too many directories.
    pub fn of(watch: &Watch, state: &Path) -> io::Result<Option<Self>> {
        if watch.paths.is_empty() {
            return Ok(None);
        }
        let patterns = IGNORED
            .into_iter()
            .chain(watch.ignore.iter().map(String::as_str));
        let mut changes = Self {
            inotify: inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?,
            places: BTreeMap::new(),
            registry: state.ancestors().nth(2).map(Path::to_owned),
            ignore: patterns
                .filter_map(|text| glob::Pattern::new(text).ok())
                .collect(),
            pause: watch.pause,
            last: None,
        };
        for path in &watch.paths {
            if path.is_dir() {
                changes.add_all(path)?;
            } else {
                changes.add_one(path)?;
            }
        }
        Ok(Some(changes))
    }

    /// Watches a directory and all below. Links are not followed.
    fn add_all(&mut self, directory: &Path) -> io::Result<()> {
        if !self.add(directory, None)? {
            return Ok(());
        }
        for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
            let is_directory = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_directory && !self.ignores(&entry.path()) {
                self.add_all(&entry.path())?;
            }
        }
        Ok(())
    }

    /// Watches a file that may come or go: its directory is watched, or the nearest one there is.
    fn add_one(&mut self, path: &Path) -> io::Result<()> {
        let mut path = path;
        while let (Some(directory), Some(name)) = (path.parent(), path.file_name()) {
            if self.add(directory, Some(name))? {
                break;
            }
            path = directory;
        }
        Ok(())
    }

    /// Returns whether there is such a directory.
    fn add(&mut self, directory: &Path, only: Option<&OsStr>) -> io::Result<bool> {
        let flags = WatchFlags::CLOSE_WRITE
            | WatchFlags::CREATE
            | WatchFlags::DELETE
            | WatchFlags::MOVE
            | WatchFlags::ONLYDIR;
        let number = match inotify::add_watch(&self.inotify, directory, flags) {
            Err(rustix::io::Errno::NOENT | rustix::io::Errno::NOTDIR) => return Ok(false),
            number => number?,
        };
        let nothing = || (directory.to_owned(), Names::These(BTreeSet::new()));
        let (_, names) = self.places.entry(number).or_insert_with(nothing);
        match (names, only) {
            (Names::These(names), Some(name)) => drop(names.insert(name.to_owned())),
            (names, None) => *names = Names::All,
            (Names::All, Some(_)) => {}
        }
        Ok(true)
    }

    fn ignores(&self, path: &Path) -> bool {
        let name = path
            .file_name()
            .map(OsStr::to_string_lossy)
            .unwrap_or_default();
        self.ignore
            .iter()
            .any(|pattern| pattern.matches(&name) || pattern.matches_path(path))
            || self.registry.as_deref().is_some_and(|registry| {
                let database = registry.with_extension("db");
                let database = database.file_name().map(OsStr::to_string_lossy);
                path.starts_with(registry)
                    || path.parent() == registry.parent()
                        && database.is_some_and(|database| name.starts_with(&*database))
            })
    }

    /// Reads what has changed. Returns whether anything has.
    pub fn read(&mut self) -> bool {
        let mut buffer = [MaybeUninit::uninit(); 4096];
        let mut reader = inotify::Reader::new(&self.inotify, &mut buffer);
        let mut last = None;
        while let Ok(event) = reader.next() {
            if event.events().contains(ReadFlags::QUEUE_OVERFLOW) {
                last = Some(PathBuf::from("too many files"));
            }
            // A file that was created is written then, and closed. A link or a directory is not.
            let name = event
                .file_name()
                .map(|name| OsStr::from_bytes(name.to_bytes()));
            if let (Some((directory, names)), Some(name)) = (self.places.get(&event.wd()), name) {
                let path = directory.join(name);
                let counts = match names {
                    Names::All => !self.ignores(&path),
                    Names::These(names) => names.contains(name),
                };
                if counts {
                    last = Some(path);
                }
            }
        }
        let Some(path) = last else {
            return false;
        };
        self.last = Some((path, Instant::now()));
        true
    }

    /// When the service has to start again, if something has changed.
    #[must_use]
    pub fn due(&self) -> Option<Instant> {
        self.last.as_ref().map(|(_, at)| *at + self.pause)
    }

    /// The file that has changed, if it is time to start the service again.
    #[must_use]
    pub fn changed(&self) -> Option<&Path> {
        let (path, at) = self.last.as_ref()?;
        (at.elapsed() >= self.pause).then_some(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(paths: &[&Path]) -> FileWatch {
        let watch = Watch {
            paths: paths.iter().map(|path| path.to_path_buf()).collect(),
            ignore: vec!["*.log".to_owned()],
            pause: Duration::ZERO,
        };
        let state = paths[0].join("registry.d/states/web.json");
        FileWatch::of(&watch, &state).unwrap().unwrap()
    }

    /// The name of the file whose change is seen.
    fn seen(changes: &mut FileWatch) -> Option<String> {
        changes.read();
        let (path, _) = changes.last.take()?;
        Some(path.file_name()?.to_str()?.to_owned())
    }

    #[test]
    fn a_change_in_a_directory_or_below_is_seen() {
        let directory = tempfile::tempdir().unwrap();
        let below = directory.path().join("a/b");
        fs::create_dir_all(&below).unwrap();
        let mut changes = changes(&[directory.path()]);
        assert_eq!(seen(&mut changes), None);
        fs::write(below.join("main.py"), "").unwrap();
        assert_eq!(seen(&mut changes).as_deref(), Some("main.py"));
        fs::rename(below.join("main.py"), directory.path().join("x")).unwrap();
        assert_eq!(seen(&mut changes).as_deref(), Some("x"));
        fs::remove_file(directory.path().join("x")).unwrap();
        assert_eq!(seen(&mut changes).as_deref(), Some("x"));
    }

    #[test]
    fn ignored_names_are_not_seen() {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("node_modules")).unwrap();
        fs::create_dir_all(directory.path().join("registry.d/states")).unwrap();
        let mut changes = changes(&[directory.path()]);
        for name in [
            ".main.py.swp",
            "main.py~",
            "web.log",
            "node_modules/x",
            "registry.d/states/web.json",
            "registry.d/new",
            "registry.db-wal",
        ] {
            fs::write(directory.path().join(name), "").unwrap();
            assert_eq!(seen(&mut changes), None, "{name}");
        }
    }

    #[test]
    fn one_file_is_seen_even_if_it_is_replaced_or_does_not_exist_yet() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("etc/web.conf");
        let mut watched = changes(&[&file]);
        fs::write(directory.path().join("other"), "").unwrap();
        assert_eq!(seen(&mut watched), None);
        fs::create_dir(directory.path().join("etc")).unwrap();
        assert_eq!(seen(&mut watched).as_deref(), Some("etc"));
        let mut watched = changes(&[&file]);
        fs::write(directory.path().join("etc/new"), "").unwrap();
        assert_eq!(seen(&mut watched), None);
        fs::rename(directory.path().join("etc/new"), &file).unwrap();
        assert_eq!(seen(&mut watched).as_deref(), Some("web.conf"));
    }
}

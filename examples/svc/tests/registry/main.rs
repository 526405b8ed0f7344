//! The registry, as its commands use it: one test for each promise.

mod changes;
mod creation;
mod damage;
mod forms;
mod limits;
mod processes;
mod trust;

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use svc::error::Error;
use svc::name::Name;
use svc::paths::Paths;
use svc::registry::{Initialized, Registry};
use svc::service::{Backoff, Output, Restart, Service, StopProfile};
use tempfile::TempDir;

/// A directory of the test's own, and a registry that may be there.
struct Home {
    directory: TempDir,
    paths: Paths,
}

impl Home {
    /// Without a registry.
    fn empty() -> Self {
        let directory = temporary();
        let paths = Paths::of(Some(&directory.path().join("state/registry.db"))).unwrap();
        Self { directory, paths }
    }

    /// With these services.
    fn with(names: &[&str]) -> Self {
        let home = Self::empty();
        Registry::initialize(&home.paths).unwrap();
        let registry = home.open();
        for name in names {
            registry.add(&service(name)).unwrap();
        }
        home
    }

    /// With a registry that is this file.
    fn of(file: &Path) -> Self {
        let home = Self::empty();
        svc::trust::directory(home.paths.home()).unwrap();
        home.write(home.paths.registry(), fs::read(file).unwrap());
        home
    }

    /// Writes a file as the user alone may, whatever the umask.
    fn write(&self, path: &Path, bytes: impl AsRef<[u8]>) {
        assert!(path.starts_with(self.directory.path()));
        fs::write(path, bytes).unwrap();
        fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
    }

    fn open(&self) -> Registry {
        Registry::open(&self.paths).unwrap()
    }

    fn initialize(&self) -> Initialized {
        Registry::initialize(&self.paths).unwrap()
    }

    fn names(&self) -> Vec<String> {
        let services = self.open().services().unwrap();
        services
            .iter()
            .map(|service| service.name.to_string())
            .collect()
    }

    fn bytes(&self) -> Vec<u8> {
        fs::read(self.paths.registry()).unwrap()
    }

    /// Runs SQL on the registry, as a stranger would.
    fn sql(&self, sql: &str) {
        let connection = rusqlite::Connection::open(self.paths.registry()).unwrap();
        connection.execute_batch(sql).unwrap();
    }

    /// All files of the directory, sorted.
    fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut directories = vec![self.directory.path().to_owned()];
        while let Some(directory) = directories.pop() {
            for entry in fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    directories.push(path.clone());
                }
                files.push(path);
            }
        }
        files.sort();
        files
    }
}

/// A directory of the user alone, whatever the umask.
fn temporary() -> TempDir {
    let mut builder = tempfile::Builder::new();
    let builder = builder.permissions(Permissions::from_mode(0o700));
    builder.tempdir().unwrap()
}

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

/// A service with a value of its own in each field.
fn service(text: &str) -> Service {
    let command = ["sleep", "6 0", "it's", "\"ü\"", ""].map(str::to_owned);
    Service {
        working_directory: "/srv/a b".into(),
        stdin: "/dev/zero".into(),
        stdout: Output::File(format!("/tmp/{text}.out").into()),
        stderr: Output::File("/tmp/ü.err".into()),
        env: BTreeMap::from([("KEY".to_owned(), "a=b\nc".to_owned())]),
        restart: Restart::OnFailure,
        backoff: Backoff {
            first: Duration::from_millis(7),
            longest: Duration::from_secs(8),
            starts: 9,
            window: Duration::from_secs(10),
        },
        stop: StopProfile {
            signal: 2,
            repeat: 3,
            pause: Duration::from_millis(4),
        },
        after: vec![name("other"), name("another")],
        // What came later is as it is where nobody says otherwise.
        ..Service::new(name(text), command.to_vec())
    }
}

/// A file of `tests/data`.
fn data(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(file)
}

/// An error as the user sees it: always in one line.
fn line(error: &Error) -> String {
    let line = error.to_string();
    assert!(!line.contains('\n'), "{line}");
    assert!(!line.contains("os error"), "{line}");
    line
}

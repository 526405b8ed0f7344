//! Directories of their own, with configurations in them.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use collect::config::Config;
use collect::source::Source;
use tempfile::TempDir;

/// The program.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_collect");

/// A directory that is removed at the end.
pub(crate) struct Sandbox {
    directory: TempDir,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        Self {
            directory: TempDir::with_prefix("collect-").unwrap(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Writes a file, and makes its directory.
    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    /// Writes a shell script.
    pub(crate) fn script(&self, name: &str, text: &str) -> PathBuf {
        let path = self.file(name, &format!("#!/bin/sh\n{text}\n"));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    /// Runs `collect` with the configuration `collect.toml` of this directory.
    pub(crate) fn collect(&self, arguments: &[&str]) -> Output {
        let config = self.path("collect.toml");
        Command::new(PROGRAM)
            .arg("-c")
            .arg(config)
            .args(arguments)
            .output()
            .unwrap()
    }

    /// What `collect check` says, without the directory.
    pub(crate) fn mistakes(&self) -> String {
        let output = self.collect(&["check"]);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        said.replace(&format!("{}/", self.directory.path().display()), "")
    }
}

/// The text of an output, and whether all went well.
pub(crate) fn text(output: &Output) -> String {
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A collector with a section.
pub(crate) fn source(name: &str, section: &str) -> Source {
    let sandbox = Sandbox::new();
    let text = format!("[server]\nhandlers = [\"null\"]\n[collectors.\"{name}\"]\n{section}\n");
    let config = Config::load(&sandbox.file("collect.toml", &text)).unwrap();
    config.verify().unwrap();
    Source::new(&config.collector(name)).unwrap_or_else(|faults| panic!("{faults:?}"))
}

/// Recorded files.
pub(crate) fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name)
}

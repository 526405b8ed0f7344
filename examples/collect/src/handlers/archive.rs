//! Lines in a file, which is rotated when it is large.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::Deserialize;

use crate::collector::Problem;
use crate::handler::Handler;
use crate::queue::Pieces;

crate::handler!(Archive);

struct Archive {
    settings: Settings,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    path: PathBuf,
    /// The size at which it is rotated, in bytes.
    #[serde(default = "ten_million")]
    max_bytes: u64,
    /// The number of rotated files to keep. `path.1` is the newest.
    #[serde(default = "seven")]
    keep: u32,
}

fn ten_million() -> u64 {
    10_000_000
}

fn seven() -> u32 {
    7
}

impl Handler for Archive {
    const NAME: &'static str = "archive";
    const ABOUT: &'static str = "Appends lines to a file, which is put aside when it is large.";
    type Settings = Settings;

    fn new(settings: Settings) -> Self {
        Self { settings }
    }

    fn send(&mut self, metrics: &Pieces, _: Instant) -> Result<(), Problem> {
        let path = &self.settings.path;
        let append = || -> io::Result<()> {
            let mut file = self.open()?;
            let text = metrics.lines();
            let before = file.metadata()?.len();
            file.write_all(text.as_bytes()).inspect_err(|_| {
                // If the disk is full, none of the batch is kept, because the whole batch comes
                // again.
                let _ = file.set_len(before);
            })
        };
        append().map_err(|error| format!("{}: {error}", path.display()).into())
    }
}

impl Archive {
    /// The file, rotated first if it is large.
    fn open(&self) -> io::Result<File> {
        let path = &self.settings.path;
        let is_large = fs::metadata(path).is_ok_and(|file| file.len() >= self.settings.max_bytes);
        if is_large {
            for number in (1..self.settings.keep).rev() {
                rename(&numbered(path, number), &numbered(path, number + 1))?;
            }
            if self.settings.keep > 0 {
                rename(path, &numbered(path, 1))?;
            } else {
                fs::remove_file(path)?;
            }
        }
        OpenOptions::new().append(true).create(true).open(path)
    }
}

fn numbered(path: &Path, number: u32) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{number}"));
    name.into()
}

/// Renames a file, if there is one.
fn rename(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        renamed => renamed,
    }
}

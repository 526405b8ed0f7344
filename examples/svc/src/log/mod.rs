//! The log of a service: its standard output and standard error, unless these go elsewhere.
//!
//! The service writes into pipes, and a separate process, the *logger* (`sink.rs`), reads them. So
//! no line is lost when the service or its shim ends. The service does not notice a full disk, a
//! moved file, or a file that has reached its size ([`writer`]).
//!
//! The file has the lines as they were written. An index beside it has the time and the stream of
//! each part, for [`reader`].

pub mod guard;
pub mod logger;
mod pipes;
pub mod reader;
mod sink;
pub mod writer;

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::{fs, io};

use crate::name::Name;

/// The stream of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// The files of one log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    current: PathBuf,
}

impl Log {
    /// The log of a service, in the directory of logs.
    #[must_use]
    pub fn of(name: &Name, directory: &Path) -> Self {
        let current = directory.join(format!("{name}.log"));
        Self { current }
    }

    /// The current file.
    #[must_use]
    pub fn current(&self) -> &Path {
        &self.current
    }

    /// The file with that number: 0 is the current one, 1 the one before.
    #[must_use]
    pub fn old(&self, number: u32) -> PathBuf {
        if number == 0 {
            self.current.clone()
        } else {
            self.beside(&format!("{number}"))
        }
    }

    /// The index of one of these files.
    #[must_use]
    pub fn index(&self, number: u32) -> PathBuf {
        let mut index = self.old(number).into_os_string();
        index.push(".index");
        index.into()
    }

    /// The file in which the logger notes what it could not write.
    #[must_use]
    pub fn losses(&self) -> PathBuf {
        self.beside("losses")
    }

    fn beside(&self, end: &str) -> PathBuf {
        let mut path = self.current.clone().into_os_string();
        path.push(".");
        path.push(end);
        path.into()
    }

    /// The numbers of all files, the oldest first and the current one last.
    ///
    /// While files are put one further, one number has no file.
    #[must_use]
    pub fn files(&self) -> Vec<u32> {
        let is_there = |number: u32| self.old(number).exists();
        let old = (1..).take_while(|number| is_there(*number) || is_there(number + 1));
        let mut files: Vec<_> = [0].into_iter().chain(old).collect();
        files.reverse();
        files
    }

    /// How many bytes the logger could not write since its start, and why.
    #[must_use]
    pub fn lost(&self) -> Option<(u64, String)> {
        let text = fs::read_to_string(self.losses()).ok()?;
        let (count, why) = text.trim_end().split_once(' ')?;
        let count = count.parse().ok().filter(|count| *count > 0)?;
        Some((count, why.to_owned()))
    }

    /// Renames all files for another name of the service.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn rename(&self, to: &Self) -> io::Result<()> {
        self.each(|file, new| fs::rename(file, new), to)
    }

    /// Removes all files.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn remove(&self) -> io::Result<()> {
        self.each(|file, _| fs::remove_file(file), self)
    }

    fn each(&self, act: impl Fn(&Path, &Path) -> io::Result<()>, to: &Self) -> io::Result<()> {
        let both = |number| {
            [
                (self.old(number), to.old(number)),
                (self.index(number), to.index(number)),
            ]
        };
        let files = self.files().into_iter().flat_map(both);
        for (file, new) in files.chain([(self.losses(), to.losses())]) {
            match act(&file, &new) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }
}

/// An entry of the index, for the bytes from its start to the start of the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The first byte.
    pub start: u64,
    /// Its time, in milliseconds of Unix time.
    pub time: u64,
    /// Its stream.
    pub stream: Stream,
}

impl std::fmt::Display for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let stream = match self.stream {
            Stream::Out => "out",
            Stream::Err => "err",
        };
        write!(f, "{} {} {stream}", self.start, self.time)
    }
}

impl FromStr for Mark {
    type Err = ();

    fn from_str(line: &str) -> Result<Self, ()> {
        let mut words = line.split(' ');
        let mut number = || words.next()?.parse().ok();
        let (start, time) = (number().ok_or(())?, number().ok_or(())?);
        let stream = match words.next() {
            Some("out") => Stream::Out,
            Some("err") => Stream::Err,
            _ => return Err(()),
        };
        Ok(Self {
            start,
            time,
            stream,
        })
    }
}

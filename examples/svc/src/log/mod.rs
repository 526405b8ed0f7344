//! The log of a service: what it writes to its standard output and standard error, where they lead nowhere else.
//!
//! The service writes into pipes, whose other end a process of its own reads, the *logger* ([`sink`]). So neither the
//! end of the service nor that of its shim loses a line, and what it writes into is none of the service's business:
//! a full disk, a file that was moved, a file that is full ([`writer`]).
//!
//! The file has the lines as they were written. An index beside it says of each part when it came and from which
//! stream, so that [`reader`] can tell.

pub mod reader;
pub mod sink;
pub mod writer;

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::{fs, io};

use crate::name::Name;

/// Which of the two a line was written to.
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
    /// That of a service, in the directory of logs.
    #[must_use]
    pub fn of(name: &Name, directory: &Path) -> Self {
        let current = directory.join(format!("{name}.log"));
        Self { current }
    }

    /// The file that is written to.
    #[must_use]
    pub fn current(&self) -> &Path {
        &self.current
    }

    /// One that was written to before, the first being the last; 0 is the current one.
    #[must_use]
    pub fn old(&self, number: u32) -> PathBuf {
        if number == 0 {
            self.current.clone()
        } else {
            self.beside(&format!("{number}"))
        }
    }

    /// The index of one of these.
    #[must_use]
    pub fn index(&self, number: u32) -> PathBuf {
        let mut index = self.old(number).into_os_string();
        index.push(".index");
        index.into()
    }

    /// Where the logger says what it could not write.
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

    /// All files there are, the oldest first, and the current one last.
    ///
    /// While files are put one further, one number is without a file.
    #[must_use]
    pub fn files(&self) -> Vec<u32> {
        let is_there = |number: u32| self.old(number).exists();
        let old = (1..).take_while(|number| is_there(*number) || is_there(number + 1));
        let mut files: Vec<_> = [0].into_iter().chain(old).collect();
        files.reverse();
        files
    }

    /// How much the logger could not write since it was started, and why.
    #[must_use]
    pub fn lost(&self) -> Option<(u64, String)> {
        let text = fs::read_to_string(self.losses()).ok()?;
        let (count, why) = text.trim_end().split_once(' ')?;
        let count = count.parse().ok().filter(|count| *count > 0)?;
        Some((count, why.to_owned()))
    }

    /// Gives all files the name of another service.
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

/// What an index says of a part of the file: from that byte on, until the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The first byte.
    pub start: u64,
    /// When it came, in milliseconds of Unix time.
    pub time: u64,
    /// Where it came from.
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

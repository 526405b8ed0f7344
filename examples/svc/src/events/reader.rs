//! Reads and prints events: the last ones, those since a time, and new ones.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;

use clap::Args;

use super::{Event, Events};
use crate::error::Error;
use crate::logs::{PULSE, closes_within};
use crate::pattern::Pattern;
use crate::{json, time};

/// The options of `events`.
#[derive(Debug, Args)]
pub struct Options {
    /// Continue with new events
    #[arg(short, long)]
    follow: bool,
    /// Number of events [default: 20, or all with `--since`]
    #[arg(short = 'n', long)]
    lines: Option<usize>,
    /// Only events since then: `10m`, `2h`, or a date and time in UTC
    #[arg(long, value_name = "TIME", value_parser = time::since)]
    since: Option<u64>,
}

/// Prints the events of these services, or of all if none is named, until `out` is closed.
///
/// # Errors
/// If the events cannot be read, or `out` cannot be written.
pub fn show(
    events: &Events,
    names: &[Pattern],
    options: &Options,
    json: bool,
    out: &mut (impl Write + AsFd),
) -> Result<(), Error> {
    let failed = |error| Error::file(&events.file, error);
    let mut reader = Reader::of(events).map_err(failed)?;
    let all = if options.since.is_some() {
        usize::MAX
    } else {
        20
    };
    let mut most = options.lines.unwrap_or(all);
    loop {
        let mut found = reader.more().map_err(failed)?;
        found.retain(|event| {
            let is_meant = names.is_empty() || names.iter().any(|name| name.means(&event.name));
            is_meant && event.time >= options.since.unwrap_or(0)
        });
        for event in found.iter().skip(found.len().saturating_sub(most)) {
            let line = if json {
                json::line(event)?
            } else {
                format!("{event}\n")
            };
            match out.write_all(line.as_bytes()).and_then(|()| out.flush()) {
                Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
                written => written.map_err(Error::Output)?,
            }
        }
        most = usize::MAX;
        if !options.follow || closes_within(&*out, PULSE) {
            return Ok(());
        }
    }
}

/// The events of a registry, and the position in them.
pub struct Reader {
    events: Events,
    /// The files that may still grow, the newest last. One that was put aside stays for a while,
    /// because a shim may have opened it just before.
    files: VecDeque<Reading>,
}

struct Reading {
    file: File,
    inode: u64,
    /// The start of an unfinished line.
    rest: Vec<u8>,
}

impl Reader {
    /// Opens the events at their beginning.
    ///
    /// # Errors
    /// If a file can't be read.
    pub fn of(events: &Events) -> io::Result<Self> {
        let old = Reading::open(&events.old())?;
        let events = events.clone();
        let files = old.into_iter().collect();
        Ok(Self { events, files })
    }

    /// The new events.
    ///
    /// # Errors
    /// If a file can't be read.
    pub fn more(&mut self) -> io::Result<Vec<Event>> {
        let mut found = vec![];
        for reading in &mut self.files {
            found.extend(reading.more()?);
        }
        // The current one is opened first: if it is put aside before the old one is opened, it is
        // that.
        let current = Reading::open(&self.events.file)?;
        let old = Reading::open(&self.events.old())?;
        for mut next in old.into_iter().chain(current) {
            if self.files.iter().all(|reading| reading.inode != next.inode) {
                found.extend(next.more()?);
                self.files.push_back(next);
            }
        }
        while self.files.len() > 2 {
            self.files.pop_front();
        }
        Ok(found)
    }
}

impl Reading {
    fn open(path: &std::path::Path) -> io::Result<Option<Self>> {
        let file = match File::open(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            file => file?,
        };
        let inode = file.metadata()?.ino();
        let rest = vec![];
        Ok(Some(Self { file, inode, rest }))
    }

    fn more(&mut self) -> io::Result<Vec<Event>> {
        self.file.read_to_end(&mut self.rest)?;
        let end = self.rest.iter().rposition(|byte| *byte == b'\n');
        let whole: Vec<u8> = self.rest.drain(..end.map_or(0, |end| end + 1)).collect();
        let lines = whole.split(|byte| *byte == b'\n');
        Ok(lines
            .filter_map(|line| serde_json::from_slice(line).ok())
            .collect())
    }
}

//! Reads a log: its last lines, the lines since a time, and new lines.

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::time::SystemTime;

use super::{Log, Mark, Stream};

/// A line of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its time, in milliseconds of Unix time, or 0 if it is unknown.
    pub time: u64,
    /// Its stream.
    pub stream: Stream,
    /// The line, with its line break.
    pub text: Vec<u8>,
}

impl Line {
    /// Whether it was written to standard error.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.stream == Stream::Err
    }
}

/// The lines to read.
#[derive(Debug, Clone, Copy)]
pub struct Filter {
    /// Only lines from this time on, in milliseconds of Unix time.
    pub since: u64,
    /// Only lines of this stream.
    pub stream: Option<Stream>,
}

impl Filter {
    fn takes(self, line: &Line) -> bool {
        line.time >= self.since && self.stream.is_none_or(|stream| stream == line.stream)
    }
}

/// A log, and the position in it.
#[derive(Debug)]
pub struct Reader {
    log: Log,
    filter: Filter,
    /// The file that is being read, if it exists yet.
    file: Option<Reading>,
    /// The last time that was known.
    time: u64,
}

/// One file of a log.
#[derive(Debug)]
struct Reading {
    file: File,
    marks: Vec<Mark>,
    index: Option<File>,
    indexed: u64,
    read: u64,
    /// The start of an unfinished line.
    rest: Vec<u8>,
}

impl Reader {
    /// Opens a log at its last lines, and gives this many of them.
    ///
    /// # Errors
    /// If a file can't be read.
    pub fn last(log: Log, filter: Filter, count: usize) -> io::Result<(Self, Vec<Line>)> {
        let mut lines: Vec<Line> = vec![];
        let mut current = None;
        let mut next = newest(&log)?;
        while let Some(mut reading) = next {
            let mut found = reading.lines(&log)?;
            // An unfinished line is kept for later.
            let is_older = found.last().is_some_and(|line| line.time < filter.since);
            found.retain(|line| filter.takes(line));
            found.extend(lines);
            lines = found;
            let is_enough = lines.len() >= count || is_older;
            next = if is_enough {
                None
            } else {
                before(&log, &reading.file)?
            };
            current = current.or(Some(reading));
        }
        lines.drain(..lines.len().saturating_sub(count));
        let mut reader = Self {
            log,
            filter,
            file: current,
            time: 0,
        };
        reader.keep_times(&mut lines);
        Ok((reader, lines))
    }

    /// The new lines.
    ///
    /// # Errors
    /// If a file can't be read.
    pub fn more(&mut self) -> io::Result<Vec<Line>> {
        let mut lines = vec![];
        if self.file.is_none() {
            self.file = oldest(&self.log)?;
        }
        while let Some(reading) = &mut self.file {
            // Asked before it is read to its end. If it was put aside by then, nothing is written
            // to it afterwards.
            let next = after(&self.log, &reading.file)?;
            lines.extend(reading.lines(&self.log)?);
            match next {
                None => break,
                next => self.file = next,
            }
        }
        self.keep_times(&mut lines);
        lines.retain(|line| self.filter.takes(line));
        Ok(lines)
    }

    /// Gives a line without a time the time of the line before it.
    fn keep_times(&mut self, lines: &mut [Line]) {
        for line in lines {
            if line.time == 0 {
                line.time = self.time;
            }
            self.time = line.time;
        }
    }

    /// The unfinished last line.
    #[must_use]
    pub fn rest(&self) -> Option<Line> {
        let reading = self.file.as_ref()?;
        let line = reading.line(
            reading.read - reading.rest.len() as u64,
            reading.rest.clone(),
        );
        Some(line).filter(|line| !line.text.is_empty() && self.filter.takes(line))
    }
}

/// The newest file, if there is any.
fn newest(log: &Log) -> io::Result<Option<Reading>> {
    loop {
        for number in log.files().into_iter().rev() {
            if let Some(reading) = Reading::open(log, number)? {
                return Ok(Some(reading));
            }
        }
        // The only file was put aside meanwhile.
        if !log.old(1).exists() {
            return Ok(None);
        }
    }
}

/// The file that comes before this one.
fn before(log: &Log, file: &File) -> io::Result<Option<Reading>> {
    let ours = file.metadata()?;
    while let Some(number) = place(log, &ours) {
        let previous = Reading::open(log, number + 1)?;
        // They are being put one further now.
        let is_settled = previous.is_some() || !log.old(number + 2).exists();
        if is_settled && place(log, &ours) == Some(number) {
            return Ok(previous);
        }
    }
    Ok(None)
}

/// The oldest file, if there is any.
fn oldest(log: &Log) -> io::Result<Option<Reading>> {
    loop {
        let number = log.files()[0];
        let reading = Reading::open(log, number)?;
        // They were put one further meanwhile, and this one is not the oldest.
        if !log.old(number + 1).exists() {
            return Ok(reading);
        }
    }
}

/// The file that comes after this one, if it was put aside.
fn after(log: &Log, file: &File) -> io::Result<Option<Reading>> {
    let ours = file.metadata()?;
    loop {
        let number = match place(log, &ours) {
            Some(0) => return Ok(None),
            Some(number) => number,
            None => return first_since(log, ours.modified()?),
        };
        let next = Reading::open(log, number - 1)?;
        // They were put one further meanwhile.
        if place(log, &ours) == Some(number) {
            return Ok(next);
        }
    }
}

/// The present number of a file of the log.
///
/// Files keep moving one number further. The search moves in the same direction, from the newest
/// on, so it misses none.
fn place(log: &Log, ours: &fs::Metadata) -> Option<u32> {
    let is_ours = |there: &fs::Metadata| (there.dev(), there.ino()) == (ours.dev(), ours.ino());
    let mut number = 0;
    loop {
        match fs::metadata(log.old(number)) {
            Ok(there) if is_ours(&there) => return Some(number),
            Ok(_) => {}
            // They are being put one further, and this number is without a file.
            Err(_) if log.old(number + 1).exists() => {}
            Err(_) => return None,
        }
        number += 1;
    }
}

/// The index of a file, if it has one.
fn index(log: &Log, file: &fs::Metadata) -> Option<File> {
    loop {
        let number = place(log, file)?;
        let index = File::open(log.index(number));
        // They were put one further meanwhile, so this may be another file's index.
        if place(log, file) == Some(number) {
            return index.ok();
        }
    }
}

/// The oldest file that was written to since then. It follows a file that was deleted or moved
/// elsewhere.
fn first_since(log: &Log, time: SystemTime) -> io::Result<Option<Reading>> {
    let is_younger = |number: &u32| {
        let changed = fs::metadata(log.old(*number)).and_then(|data| data.modified());
        changed.is_ok_and(|changed| changed >= time)
    };
    let first = || log.files().into_iter().find(is_younger);
    loop {
        let Some(number) = first() else {
            return Ok(None);
        };
        let reading = Reading::open(log, number)?;
        // They were put one further meanwhile.
        if first() == Some(number) {
            return Ok(reading);
        }
    }
}

impl Reading {
    fn open(log: &Log, number: u32) -> io::Result<Option<Self>> {
        match File::open(log.old(number)) {
            Ok(file) => Ok(Some(Self {
                file,
                marks: vec![],
                index: None,
                indexed: 0,
                read: 0,
                rest: vec![],
            })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The new lines, without an unfinished one.
    fn lines(&mut self, log: &Log) -> io::Result<Vec<Line>> {
        let mut new = vec![];
        (&self.file).take(u64::MAX).read_to_end(&mut new)?;
        if new.is_empty() {
            return Ok(vec![]);
        }
        // The index is written before the text.
        if self.index.is_none() {
            self.index = index(log, &self.file.metadata()?);
        }
        self.read_marks();
        let mut start = self.read - self.rest.len() as u64;
        self.read += new.len() as u64;
        let mut text = std::mem::take(&mut self.rest);
        text.extend(new);
        let mut lines = vec![];
        for part in text.split_inclusive(|byte| *byte == b'\n') {
            if part.ends_with(b"\n") {
                lines.push(self.line(start, part.to_vec()));
                start += part.len() as u64;
            } else {
                self.rest = part.to_vec();
            }
        }
        Ok(lines)
    }

    fn line(&self, start: u64, text: Vec<u8>) -> Line {
        let after = self.marks.partition_point(|mark| mark.start <= start);
        let mark = after.checked_sub(1).and_then(|at| self.marks.get(at));
        Line {
            time: mark.map_or(0, |mark| mark.time),
            stream: mark.map_or(Stream::Out, |mark| mark.stream),
            text,
        }
    }

    fn read_marks(&mut self) {
        let Some(index) = &self.index else {
            return;
        };
        let mut text = vec![];
        let mut chunk = [0; 8192];
        while let Ok(read @ 1..) = index.read_at(&mut chunk, self.indexed + text.len() as u64) {
            text.extend_from_slice(&chunk[..read]);
        }
        let whole = text
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        self.indexed += whole as u64;
        let text = String::from_utf8_lossy(&text[..whole]);
        self.marks
            .extend(text.lines().filter_map(|line| line.parse::<Mark>().ok()));
    }
}

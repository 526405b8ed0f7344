//! Writes a log: one file until it is full, then the next.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::{Log, Mark, Stream};
use crate::error::reason;
use crate::service::LogLimits;

/// The precision of the index: parts of one stream within this time share an entry.
const GRAIN: Duration = Duration::from_millis(10);

/// The length of the note of losses. It is constant, so that there is room for it on a full disk.
const LOSSES: usize = 200;

/// The only writer of a log.
#[derive(Debug)]
pub struct Writer {
    log: Log,
    limits: LogLimits,
    file: File,
    index: File,
    losses: File,
    size: u64,
    /// Whether the last line is incomplete.
    is_torn: bool,
    last: Option<(Instant, Stream)>,
    begun: SystemTime,
    lost: u64,
}

impl Writer {
    /// Opens or creates a log.
    ///
    /// # Errors
    /// If a file can't be opened.
    pub fn open(log: Log, limits: LogLimits) -> io::Result<Self> {
        let file = append(&log.old(0))?;
        let size = file.metadata()?.len();
        let begun = file
            .metadata()?
            .created()
            .unwrap_or_else(|_| SystemTime::now());
        let mut losses = OpenOptions::new();
        let losses = losses.write(true).create(true).truncate(true).mode(0o600);
        let losses = losses.custom_flags(libc::O_NOFOLLOW).open(log.losses())?;
        let mut writer = Self {
            index: append(&log.index(0))?,
            log,
            limits,
            file,
            losses,
            size,
            is_torn: false,
            last: None,
            begun,
            lost: 0,
        };
        writer.note_losses("");
        Ok(writer)
    }

    /// Writes whole lines of a stream. Bytes that cannot be written are counted, and the log says
    /// so as soon as it can. The service never sees an error.
    pub fn write(&mut self, stream: Stream, mut lines: &[u8]) {
        if !self.is_there() {
            let _ = self.reopen();
        }
        if self.limits.age > Duration::ZERO
            && self.size > 0
            && self.begun.elapsed().is_ok_and(|age| age > self.limits.age)
        {
            let _ = self.rotate();
        }
        while !lines.is_empty() {
            let room = self.limits.size.saturating_sub(self.size);
            let (now, later) = lines.split_at(fitting(lines, room, self.size == 0));
            if now.is_empty() {
                if self.rotate().is_err() {
                    // A file that is too large is better than a lost line.
                    return self.write_part(stream, lines);
                }
                continue;
            }
            self.write_part(stream, now);
            lines = later;
        }
    }

    fn write_part(&mut self, stream: Stream, part: &[u8]) {
        let mut head = Vec::new();
        if self.is_torn {
            head.push(b'\n');
        }
        if self.lost > 0 {
            head.extend(format!("svc: {} bytes could not be written here\n", self.lost).bytes());
        }
        let begins = self.mark(stream);
        let written = self.put(&head).and_then(|()| {
            if !head.is_empty() {
                (self.lost, self.is_torn) = (0, false);
                self.note_losses("");
            }
            self.put(part)
        });
        if let Err(error) = written {
            self.resync();
            let written = self.size.saturating_sub(begins + head.len() as u64);
            self.lost += (part.len() as u64).saturating_sub(written);
            self.note_losses(&reason(&error));
        }
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.size += bytes.len() as u64;
        Ok(())
    }

    /// Finds out how much of a failed write was written.
    fn resync(&mut self) {
        let Ok(data) = self.file.metadata() else {
            return;
        };
        self.size = data.len();
        let mut last = [b'\n'];
        if let Some(at) = self.size.checked_sub(1) {
            let _ =
                File::open(self.log.current()).and_then(|file| file.read_exact_at(&mut last, at));
        }
        self.is_torn = last != *b"\n";
    }

    /// Adds an entry to the index, unless the last one is recent. Returns the present size.
    fn mark(&mut self, stream: Stream) -> u64 {
        let now = Instant::now();
        let is_said = self
            .last
            .is_some_and(|(at, of)| of == stream && now - at < GRAIN);
        if !is_said {
            self.last = Some((now, stream));
            let time = SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default();
            let time = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
            let mark = Mark {
                start: self.size,
                time,
                stream,
            };
            let _ = self.index.write_all(format!("{mark}\n").as_bytes());
        }
        self.size
    }

    fn note_losses(&mut self, why: &str) {
        let mut text = format!("{} {why}", self.lost);
        text.truncate(LOSSES);
        let _ = self
            .losses
            .write_all_at(format!("{text:LOSSES$}").as_bytes(), 0);
    }

    /// Puts the file aside. The older files move one further, and the last one is removed.
    fn rotate(&mut self) -> io::Result<()> {
        if self.limits.keep == 0 {
            fs::remove_file(self.log.old(0))?;
            return self.reopen();
        }
        for number in (0..self.limits.keep).rev() {
            for file in [Log::old, Log::index] {
                match fs::rename(file(&self.log, number), file(&self.log, number + 1)) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                    _ => {}
                }
            }
        }
        self.reopen()
    }

    /// Opens the file of that name again.
    ///
    /// # Errors
    /// If it cannot be opened. Then the old file stays in use.
    pub fn reopen(&mut self) -> io::Result<()> {
        let file = append(&self.log.old(0))?;
        let size = file.metadata()?.len();
        if size == 0 {
            // The index of a file that was moved away does not describe this one.
            let _ = fs::remove_file(self.log.index(0));
        }
        self.index = append(&self.log.index(0))?;
        (self.file, self.size, self.last) = (file, size, None);
        self.is_torn = false;
        self.begun = SystemTime::now();
        Ok(())
    }

    /// Whether the file still has its name.
    fn is_there(&self) -> bool {
        let Ok(ours) = self.file.metadata() else {
            return true;
        };
        fs::symlink_metadata(self.log.current())
            .is_ok_and(|there| (there.dev(), there.ino()) == (ours.dev(), ours.ino()))
    }
}

/// How many of these bytes fit, in whole lines. A line that is longer than a file gets its own
/// file.
fn fitting(lines: &[u8], room: u64, is_empty: bool) -> usize {
    let room = usize::try_from(room).unwrap_or(usize::MAX);
    if lines.len() <= room {
        return lines.len();
    }
    let line = |part: &[u8]| {
        part.iter()
            .rposition(|byte| *byte == b'\n')
            .map(|at| at + 1)
    };
    let fits = line(&lines[..room]);
    let first = || {
        let end = lines.iter().position(|byte| *byte == b'\n');
        end.map_or(lines.len(), |at| at + 1)
    };
    fits.unwrap_or_else(|| if is_empty { first() } else { 0 })
}

fn append(file: &std::path::Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    let options = options.append(true).create(true).mode(0o600);
    options.custom_flags(libc::O_NOFOLLOW).open(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(size: u64, keep: u32) -> (tempfile::TempDir, Log, Writer) {
        let directory = tempfile::tempdir().unwrap();
        let log = Log::of(&"web".parse().unwrap(), directory.path());
        let age = Duration::ZERO;
        let writer = Writer::open(log.clone(), LogLimits { size, keep, age }).unwrap();
        (directory, log, writer)
    }

    fn texts(log: &Log) -> Vec<String> {
        let files = log.files().into_iter();
        files
            .map(|number| fs::read_to_string(log.old(number)).unwrap())
            .collect()
    }

    #[test]
    fn a_full_file_is_followed_by_the_next_between_lines() {
        let (_directory, log, mut writer) = log(6, 2);
        for line in ["a1\n", "b1\n", "c1\n", "d1\ne1\nf1\ng1\n"] {
            writer.write(Stream::Out, line.as_bytes());
        }
        // The first two have gone.
        assert_eq!(texts(&log), ["c1\nd1\n", "e1\nf1\n", "g1\n"]);
    }

    #[test]
    fn a_line_longer_than_a_file_is_whole() {
        let (_directory, log, mut writer) = log(4, 9);
        writer.write(Stream::Out, b"a\n");
        writer.write(Stream::Out, b"long line\nb\n");
        assert_eq!(texts(&log), ["a\n", "long line\n", "b\n"]);
    }

    #[test]
    fn a_file_that_was_moved_is_left() {
        let (directory, log, mut writer) = log(99, 9);
        writer.write(Stream::Out, b"a\n");
        fs::rename(log.current(), directory.path().join("elsewhere")).unwrap();
        writer.write(Stream::Err, b"b\n");
        assert_eq!(texts(&log), ["b\n"]);
        let index = fs::read_to_string(log.index(0)).unwrap();
        let marks: Vec<Mark> = index.lines().map(|line| line.parse().unwrap()).collect();
        assert_eq!(
            (marks.len(), marks[0].start, marks[0].stream),
            (1, 0, Stream::Err)
        );
    }

    #[test]
    fn an_old_file_is_followed_by_a_new_one() {
        let (_directory, log, mut writer) = log(99, 9);
        writer.limits.age = Duration::from_millis(1);
        writer.write(Stream::Out, b"a\n");
        std::thread::sleep(Duration::from_millis(20));
        writer.write(Stream::Out, b"b\n");
        assert_eq!(texts(&log), ["a\n", "b\n"]);
    }
}

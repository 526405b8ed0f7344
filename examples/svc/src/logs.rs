//! The output of services.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::error::Error;
use crate::log::Stream;
use crate::log::reader::{Filter, Line, Reader};
use crate::paths::Paths;
use crate::service::{Output, Service};
use crate::show::Screen;

/// The interval between two reads of a growing file.
const PULSE: Duration = Duration::from_millis(100);

/// The size of one read, from the end backwards.
const BLOCK: u64 = 8192;

/// The request for logs.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Whether to go on with new output.
    pub follow: bool,
    /// The number of lines of each service, or of each of its files.
    pub lines: usize,
    /// The lines of a log to show.
    pub filter: Filter,
    /// Whether to print the time of each line.
    pub timestamps: bool,
}

/// Copies the output of services to `out`, until that is closed. Lines of several services have the
/// name of theirs in front, and are sorted by time.
///
/// # Errors
/// If a service's output cannot be read, a file cannot be read, or `out` cannot be written.
pub fn show(
    services: &[Service],
    paths: &Paths,
    wanted: &Wanted,
    screen: Screen,
    out: &mut (impl Write + AsFd),
) -> Result<(), Error> {
    if let [service] = services
        && ![&service.stdout, &service.stderr].contains(&&Output::Log)
    {
        return copy(&files(service)?, wanted.lines, wanted.follow, out);
    }
    let mut lines = vec![];
    let mut sources = vec![];
    for (number, service) in services.iter().enumerate() {
        let label = (services.len() > 1).then(|| screen.label(&service.name, number));
        for source in Source::of(service, paths, wanted)? {
            let (source, last) = source;
            lines.extend(last.into_iter().map(|line| (label.clone(), line)));
            sources.push((label.clone(), source));
        }
    }
    loop {
        if sources.len() > 1 {
            lines.sort_by_key(|(_, line)| line.time);
        }
        for (label, line) in lines.drain(..) {
            let mut text = Vec::new();
            if wanted.timestamps {
                text.extend(format!("{} ", time(line.time)).bytes());
            }
            text.extend(label.unwrap_or_default().bytes());
            text.extend(line.text);
            match out.write_all(&text) {
                Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
                written => written.map_err(Error::Output)?,
            }
        }
        match out.flush() {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
            flushed => flushed.map_err(Error::Output)?,
        }
        if !wanted.follow || closes_within(&*out, PULSE) {
            return Ok(());
        }
        for (label, source) in &mut sources {
            lines.extend(source.more()?.into_iter().map(|line| (label.clone(), line)));
        }
    }
}

/// A time for people and programs, in UTC.
fn time(milliseconds: u64) -> String {
    let time = UNIX_EPOCH + Duration::from_millis(milliseconds);
    humantime::format_rfc3339_millis(time).to_string()
}

/// The time in a text: an age such as `10m`, or a date and time in UTC.
///
/// # Errors
/// If the text is neither.
pub fn since(text: &str) -> Result<u64, &'static str> {
    let ago = humantime::parse_duration(text).ok();
    let ago = ago.and_then(|ago| SystemTime::now().checked_sub(ago));
    let date = || humantime::parse_rfc3339_weak(text).ok();
    let time = ago
        .or_else(date)
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let time = time.and_then(|time| u64::try_from(time.as_millis()).ok());
    time.ok_or("a time is written `10m`, `2h`, or `2026-11-27 08:30:00`, in UTC")
}

/// A source of lines.
enum Source {
    Kept(Reader, PathBuf),
    Plain(PathBuf, u64),
}

impl Source {
    /// The sources of a service, each with its last lines.
    fn of(
        service: &Service,
        paths: &Paths,
        wanted: &Wanted,
    ) -> Result<Vec<(Self, Vec<Line>)>, Error> {
        let mut sources = vec![];
        if [&service.stdout, &service.stderr].contains(&&Output::Log) {
            let log = paths.log(&service.name);
            let path = log.current().to_owned();
            let read = Reader::last(log, wanted.filter, wanted.lines);
            let (reader, mut lines) = read.map_err(|error| Error::file(&path, error))?;
            if !wanted.follow {
                lines.extend(reader.rest());
            }
            sources.push((Self::Kept(reader, path), lines));
        }
        for file in plain_files(service) {
            let mut log = Log::at_end(&file, wanted.lines)?;
            let lines = log.read().map_err(|error| Error::file(&file, error))?;
            let read = log.read;
            sources.push((Self::Plain(file, read), plain(&lines)));
        }
        if sources.is_empty() {
            return Err(Error::NoLog(service.name.clone()));
        }
        Ok(sources)
    }

    fn more(&mut self) -> Result<Vec<Line>, Error> {
        match self {
            Self::Kept(reader, path) => reader.more().map_err(|error| Error::file(path, error)),
            Self::Plain(path, read) => {
                let mut log = Log { path, read: *read };
                let new = log.read().map_err(|error| Error::file(log.path, error))?;
                *read = log.read;
                Ok(plain(&new))
            }
        }
    }
}

/// Lines without a known time.
fn plain(text: &[u8]) -> Vec<Line> {
    let lines = text.split_inclusive(|byte| *byte == b'\n');
    let line = |text: &[u8]| Line {
        time: 0,
        stream: Stream::Out,
        text: text.to_vec(),
    };
    lines.map(line).collect()
}

/// The files that a service writes to by itself.
///
/// # Errors
/// If there are none, because devices and pipes keep nothing.
fn files(service: &Service) -> Result<Vec<PathBuf>, Error> {
    match plain_files(service) {
        files if files.is_empty() => Err(Error::NoLog(service.name.clone())),
        files => Ok(files),
    }
}

fn plain_files(service: &Service) -> Vec<PathBuf> {
    let mut files = vec![&service.stdout];
    if service.stderr != service.stdout {
        files.push(&service.stderr);
    }
    let file = |output: &Output| match output {
        Output::File(file) if is_log(file) => Some(file.clone()),
        _ => None,
    };
    files.into_iter().filter_map(file).collect()
}

/// The files of a service that its process does not write to any more. They were moved or removed,
/// and the process still has the old ones.
#[must_use]
pub fn moved(service: &Service, process: i32) -> Vec<PathBuf> {
    let identity = |data: fs::Metadata| (data.dev(), data.ino());
    let outputs = [(1, &service.stdout), (2, &service.stderr)];
    let mut moved: Vec<_> = outputs
        .into_iter()
        .filter_map(|(stream, output)| {
            let Output::File(file) = output else {
                return None;
            };
            let written = fs::metadata(format!("/proc/{process}/fd/{stream}")).ok()?;
            let is_it =
                fs::metadata(file).is_ok_and(|there| identity(there) == identity(written.clone()));
            (written.is_file() && !is_it).then(|| file.clone())
        })
        .collect();
    moved.dedup();
    moved
}

/// Whether the output there can be read. A path that does not exist will be a file.
fn is_log(file: &Path) -> bool {
    fs::metadata(file).map_or(true, |data| data.is_file())
}

/// Copies the last lines of each file to `out`, and with `follow` all later ones, until `out` is
/// closed. With several files, each part has the file's name above it.
///
/// # Errors
/// If a file cannot be read, or `out` cannot be written. A missing file is empty.
fn copy(
    files: &[PathBuf],
    lines: usize,
    follow: bool,
    out: &mut (impl Write + AsFd),
) -> Result<(), Error> {
    let mut logs: Vec<Log> = files
        .iter()
        .map(|file| Log::at_end(file, lines))
        .collect::<Result<_, _>>()?;
    let named = logs.len() > 1;
    let mut last = None;
    loop {
        for (index, log) in logs.iter_mut().enumerate() {
            let new = log.read().map_err(|error| Error::file(log.path, error))?;
            if new.is_empty() {
                continue;
            }
            let head = named && last.replace(index) != Some(index);
            let head = if head {
                format!("==> {} <==\n", log.path.display())
            } else {
                String::new()
            };
            let written = out
                .write_all(head.as_bytes())
                .and_then(|()| out.write_all(&new));
            match written.and_then(|()| out.flush()) {
                Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
                written => written.map_err(Error::Output)?,
            }
        }
        if !follow || closes_within(&*out, PULSE) {
            return Ok(());
        }
    }
}

/// Waits for this long, or until nobody can read `out`.
fn closes_within(out: impl AsFd, time: Duration) -> bool {
    let mut fds = [PollFd::new(&out, PollFlags::empty())];
    let time = Timespec::try_from(time).ok();
    matches!(poll(&mut fds, time.as_ref()), Ok(closed) if closed > 0)
}

/// A growing file, and the position in it.
struct Log<'a> {
    path: &'a Path,
    read: u64,
}

impl<'a> Log<'a> {
    fn at_end(path: &'a Path, lines: usize) -> Result<Self, Error> {
        let read = match File::open(path) {
            Ok(mut file) => last_lines(&mut file, lines),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        };
        let read = read.map_err(|error| Error::file(path, error))?;
        Ok(Self { path, read })
    }

    /// The new output.
    fn read(&mut self) -> io::Result<Vec<u8>> {
        let mut file = match File::open(self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
            Err(error) => return Err(error),
        };
        if file.metadata()?.len() < self.read {
            // It was truncated, or another file has its name now.
            self.read = 0;
        }
        let mut new = vec![];
        file.seek(SeekFrom::Start(self.read))?;
        self.read += u64::try_from(file.read_to_end(&mut new)?).unwrap_or_default();
        Ok(new)
    }
}

/// The offset at which the last lines of a file begin.
fn last_lines(file: &mut File, lines: usize) -> io::Result<u64> {
    let mut end = file.metadata()?.len();
    if lines == 0 {
        return Ok(end);
    }
    let mut left = lines;
    let mut is_last = true;
    while end > 0 {
        let start = end.saturating_sub(BLOCK);
        let mut block = vec![];
        file.seek(SeekFrom::Start(start))?;
        file.take(end - start).read_to_end(&mut block)?;
        for (index, byte) in block.iter().enumerate().rev() {
            // The end of the last line begins no other.
            if *byte == b'\n' && !std::mem::take(&mut is_last) {
                left = left.saturating_sub(1);
            } else {
                is_last = false;
                continue;
            }
            if left == 0 {
                return Ok(start + u64::try_from(index).unwrap_or_default() + 1);
            }
        }
        end = start;
    }
    Ok(0)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Seek, Write};

    use super::copy;

    fn last(text: &str, lines: usize) -> String {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        let mut out = tempfile::tempfile().unwrap();
        copy(&[file.path().to_owned()], lines, false, &mut out).unwrap();
        let mut copied = String::new();
        out.rewind().unwrap();
        out.read_to_string(&mut copied).unwrap();
        copied
    }

    #[test]
    fn the_last_lines_are_copied() {
        assert_eq!(last("a\nb\nc\n", 2), "b\nc\n");
    }

    #[test]
    fn a_last_line_may_lack_its_end() {
        assert_eq!(last("a\nb\nc", 2), "b\nc");
    }

    #[test]
    fn fewer_lines_than_asked_for_are_all() {
        assert_eq!(last("a\n", 5), "a\n");
        assert_eq!(last("", 5), "");
    }

    #[test]
    fn no_lines_are_none() {
        assert_eq!(last("a\nb\n", 0), "");
    }

    #[test]
    fn lines_may_be_longer_than_a_block() {
        let long = format!("{}\n", "x".repeat(20_000));
        assert_eq!(
            last(&format!("a\n{long}{long}"), 2),
            format!("{long}{long}")
        );
    }
}

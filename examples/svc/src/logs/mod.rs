//! The output of services.

mod file;

use std::fs;
use std::io::{ErrorKind, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use serde::Serialize;

use self::file::{Log, copy};
use crate::error::Error;
use crate::log::Stream;
pub use crate::log::reader::Line;
use crate::log::reader::{Filter, Reader};
use crate::name::Name;
use crate::paths::Paths;
use crate::service::{Output, Service};
use crate::show::{self, Screen};
use crate::{json, time};

/// The interval between two reads of a growing file.
pub const PULSE: Duration = Duration::from_millis(100);

/// The options of `logs`.
#[allow(clippy::struct_excessive_bools, reason = "they are options")]
#[derive(Debug, Args)]
pub struct Options {
    /// Continue with new output
    #[arg(short, long)]
    follow: bool,
    /// Number of lines of each [default: 10, or all with `--since`]
    #[arg(short = 'n', long)]
    lines: Option<usize>,
    /// Only output since then: `10m`, `2h`, or a date and time in UTC
    #[arg(long, value_name = "TIME", value_parser = time::since)]
    since: Option<u64>,
    /// Only standard error
    #[arg(long)]
    stderr: bool,
    /// Print the time of each line
    #[arg(short, long)]
    timestamps: bool,
    /// Let the loggers open their files again, after somebody moved them
    #[arg(long)]
    reopen: bool,
}

impl Options {
    /// Whether loggers are to open their files again, and nothing is to be printed.
    #[must_use]
    pub fn reopen(&self) -> bool {
        self.reopen
    }

    /// What is to be printed.
    #[must_use]
    pub fn wanted(&self, json: bool) -> Wanted {
        let all = if self.since.is_some() { usize::MAX } else { 10 };
        Wanted {
            follow: self.follow,
            lines: self.lines.unwrap_or(all),
            filter: Filter {
                since: self.since.unwrap_or(0),
                stream: self.stderr.then_some(Stream::Err),
            },
            timestamps: self.timestamps,
            json,
        }
    }
}

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
    /// Whether to print an object for each line.
    pub json: bool,
}

impl Wanted {
    /// The last lines.
    #[must_use]
    pub fn last(lines: usize) -> Self {
        Self {
            follow: false,
            lines,
            filter: Filter {
                since: 0,
                stream: None,
            },
            timestamps: false,
            json: false,
        }
    }
}

/// The wanted lines of a service that are there now, by their time.
///
/// # Errors
/// As [`show()`].
pub fn tail(service: &Service, paths: &Paths, wanted: &Wanted) -> Result<Vec<Line>, Error> {
    let sources = Source::of(service, paths, wanted)?;
    let mut lines: Vec<_> = sources.into_iter().flat_map(|(_, lines)| lines).collect();
    lines.sort_by_key(|line| line.time);
    Ok(lines)
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
        && !wanted.json
        && ![&service.stdout, &service.stderr].contains(&&Output::Log)
    {
        return copy(&files(service)?, wanted.lines, wanted.follow, out);
    }
    let mut lines = vec![];
    let mut sources = vec![];
    for (number, service) in services.iter().enumerate() {
        for (source, last) in Source::of(service, paths, wanted)? {
            lines.extend(last.into_iter().map(|line| (number, line)));
            sources.push((number, source));
        }
    }
    loop {
        if sources.len() > 1 {
            lines.sort_by_key(|(_, line)| line.time);
        }
        for (name, line) in lines.drain(..) {
            let text = if wanted.json {
                as_json(&services[name].name, &line)?
            } else {
                let label = (services.len() > 1).then(|| screen.label(&services[name].name, name));
                as_text(label.as_deref(), &line, wanted.timestamps)
            };
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
        for (number, source) in &mut sources {
            lines.extend(source.more()?.into_iter().map(|line| (*number, line)));
        }
    }
}

fn as_text(label: Option<&str>, line: &Line, timestamps: bool) -> Vec<u8> {
    let time = timestamps.then(|| format!("{} ", time::text(line.time)));
    let mut text = (time.unwrap_or_default() + label.unwrap_or_default()).into_bytes();
    text.extend(&line.text);
    text
}

/// A line as JSON. Its time and its stream are unknown if the service writes to a file itself.
#[derive(Serialize)]
struct Printed<'a> {
    name: &'a Name,
    time: Option<u64>,
    stream: Option<&'static str>,
    text: &'a str,
}

/// A line as an object of JSON.
///
/// # Errors
/// None that can happen: it has only text and numbers.
pub fn as_json(name: &Name, line: &Line) -> Result<Vec<u8>, Error> {
    let text = String::from_utf8_lossy(&line.text);
    let is_known = line.time > 0;
    let stream = match line.stream {
        Stream::Out => "stdout",
        Stream::Err => "stderr",
    };
    let printed = Printed {
        name,
        time: is_known.then_some(line.time),
        stream: is_known.then_some(stream),
        text: text.strip_suffix('\n').unwrap_or(&text),
    };
    json::line(&printed).map(String::into_bytes)
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
                // An unfinished line is read again later, so that others do not come between.
                let end = new.iter().rposition(|byte| *byte == b'\n');
                let (whole, rest) = new.split_at(end.map_or(0, |end| end + 1));
                *read = log.read - rest.len() as u64;
                Ok(plain(whole))
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

/// Says which files of a service its process does not write to any more. They were moved or
/// removed, and the process still has the old ones.
pub fn note_moved(service: &Service, process: i32) {
    for file in moved(service, process) {
        show::note(&format!(
            "`{0}` goes on with a file that was moved or removed: `svc restart {0}` gives it {1} again",
            service.name,
            file.display()
        ));
    }
}

fn moved(service: &Service, process: i32) -> Vec<PathBuf> {
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

/// Waits for this long, or until nobody can read `out`.
pub fn closes_within(out: impl AsFd, time: Duration) -> bool {
    let mut fds = [PollFd::new(&out, PollFlags::empty())];
    let time = Timespec::try_from(time).ok();
    matches!(poll(&mut fds, time.as_ref()), Ok(closed) if closed > 0)
}

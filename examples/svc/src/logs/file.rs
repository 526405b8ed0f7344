//! The files that services write to by themselves.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

use super::{PULSE, closes_within};
use crate::error::Error;

/// The size of one read, from the end backwards.
const BLOCK: u64 = 8192;

/// Copies the last lines of each file to `out`, and with `follow` all later ones, until `out` is
/// closed. With several files, each part has the file's name above it.
///
/// # Errors
/// If a file cannot be read, or `out` cannot be written. A missing file is empty.
pub(super) fn copy(
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

/// A growing file, and the position in it.
pub(super) struct Log<'a> {
    pub(super) path: &'a Path,
    pub(super) read: u64,
}

impl<'a> Log<'a> {
    pub(super) fn at_end(path: &'a Path, lines: usize) -> Result<Self, Error> {
        let read = match File::open(path) {
            Ok(mut file) => last_lines(&mut file, lines),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        };
        let read = read.map_err(|error| Error::file(path, error))?;
        Ok(Self { path, read })
    }

    /// The new output.
    pub(super) fn read(&mut self) -> io::Result<Vec<u8>> {
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

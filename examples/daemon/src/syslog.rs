//! The system's log, for daemons that have no file of their own.

use std::io::{self, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::{fmt, process};

/// Where syslogd and journald listen.
const SOCKET: &str = "/dev/log";

/// The facility of daemons, as a part of a priority.
const DAEMON: u8 = 3 << 3;

/// How much of a line goes into one message: what RFC 5424 says that every receiver should take.
const LONGEST: usize = 2048;

/// How urgent a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Severity {
    /// Something failed.
    Error = 3,
    /// Something may be wrong.
    Warning = 4,
    /// Something was done.
    Info = 6,
    /// Something that only its authors understand.
    Debug = 7,
}

/// The system's log. Each line that is written to it is a message of severity [`Severity::Info`].
///
/// The socket is connected when this is opened, so that it works within another root; a syslogd that
/// was restarted is connected to again. An own socket costs less code than a dependency, and keeps its
/// descriptor when a daemon closes all others.
#[derive(Debug)]
pub struct Syslog {
    socket: UnixDatagram,
    path: PathBuf,
    prefix: String,
}

impl Syslog {
    /// Connects to the system's log; messages begin with this prefix, usually the program's name.
    ///
    /// # Errors
    /// If nobody listens there.
    pub fn open(prefix: &str) -> io::Result<Self> {
        Self::at(SOCKET, prefix)
    }

    /// The same, with another socket.
    ///
    /// # Errors
    /// If nobody listens there.
    pub fn at(path: impl AsRef<Path>, prefix: &str) -> io::Result<Self> {
        let socket = UnixDatagram::unbound()?;
        socket.connect(path.as_ref())?;
        // What ends the prefix for those who read it.
        let prefix = prefix
            .chars()
            .filter(|c| !c.is_whitespace() && !c.is_control() && !"[]:".contains(*c));
        Ok(Self {
            socket,
            path: path.as_ref().to_owned(),
            prefix: prefix.collect(),
        })
    }

    /// Sends a text, a message for each line of it.
    ///
    /// # Errors
    /// If nobody listens any more, or the receiver does not keep up and this socket may not wait.
    pub fn send(&self, severity: Severity, text: &str) -> io::Result<()> {
        for line in text.lines().filter(|line| !line.is_empty()) {
            for part in pieces(line) {
                let priority = DAEMON + severity as u8;
                let message = format!("<{priority}>{}[{}]: {part}", self.prefix, process::id());
                self.send_message(message.as_bytes())?;
            }
        }
        Ok(())
    }

    fn send_message(&self, message: &[u8]) -> io::Result<()> {
        let sent = self.socket.send(message).or_else(|_| {
            self.socket.connect(&self.path)?;
            self.socket.send(message)
        });
        sent.map(drop)
    }
}

/// A line in pieces that are short enough, cut between characters.
fn pieces(mut line: &str) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let mut end = line.len().min(LONGEST);
        while !line.is_char_boundary(end) {
            end -= 1;
        }
        let (piece, rest) = line.split_at(end);
        line = rest;
        (!piece.is_empty()).then_some(piece)
    })
}

impl Write for &Syslog {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.send(Severity::Info, &String::from_utf8_lossy(bytes))?;
        Ok(bytes.len())
    }

    /// In one piece, so that a line stays one.
    fn write_fmt(&mut self, text: fmt::Arguments<'_>) -> io::Result<()> {
        self.write_all(text.to_string().as_bytes())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Write for Syslog {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (&*self).write(bytes)
    }

    fn write_fmt(&mut self, text: fmt::Arguments<'_>) -> io::Result<()> {
        (&*self).write_fmt(text)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl AsFd for Syslog {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receive(from: &UnixDatagram) -> String {
        let mut buffer = [0; 4096];
        let length = from.recv(&mut buffer).unwrap();
        String::from_utf8_lossy(&buffer[..length]).into_owned()
    }

    #[test]
    fn each_line_is_a_message() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("log");
        let syslogd = UnixDatagram::bind(&path).unwrap();
        let mut syslog = Syslog::at(&path, "my [odd]: name").unwrap();
        syslog.write_all(b"one\n\ntwo\n").unwrap();
        syslog.send(Severity::Error, "three").unwrap();
        let id = process::id();
        assert_eq!(receive(&syslogd), format!("<30>myoddname[{id}]: one"));
        assert_eq!(receive(&syslogd), format!("<30>myoddname[{id}]: two"));
        assert_eq!(receive(&syslogd), format!("<27>myoddname[{id}]: three"));
    }

    #[test]
    fn a_long_line_is_cut_between_characters() {
        let line = "ä".repeat(LONGEST);
        let cut: Vec<_> = pieces(&line).collect();
        assert_eq!(cut.concat(), line);
        assert_eq!(cut.len(), 2);
    }

    #[test]
    fn a_syslogd_that_was_restarted_is_found_again() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("log");
        drop(UnixDatagram::bind(&path).unwrap());
        std::fs::remove_file(&path).unwrap();
        assert!(Syslog::at(&path, "x").is_err());
        let first = UnixDatagram::bind(&path).unwrap();
        let syslog = Syslog::at(&path, "x").unwrap();
        drop(first);
        assert!(syslog.send(Severity::Info, "lost").is_err());
        std::fs::remove_file(&path).unwrap();
        let second = UnixDatagram::bind(&path).unwrap();
        syslog.send(Severity::Info, "found").unwrap();
        assert!(receive(&second).ends_with("found"));
    }
}

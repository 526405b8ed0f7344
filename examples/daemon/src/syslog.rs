//! The system log, for daemons without a file of their own.

use std::io::{self, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::{fmt, process};

/// The socket of syslogd and journald.
const SOCKET: &str = "/dev/log";

/// The facility `daemon`, as a part of a priority.
const DAEMON: u8 = 3 << 3;

/// The length of the longest message. RFC 5424 says that every receiver should accept it.
const LONGEST: usize = 2048;

/// The severity of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Severity {
    /// Something failed.
    Error = 3,
    /// Something may be wrong.
    Warning = 4,
    /// Something happened.
    Info = 6,
    /// Details for the program's authors.
    Debug = 7,
}

/// The system log. Each line that is written to it is a message of severity [`Severity::Info`].
///
/// The socket is connected when this is opened, so that it works inside another root. If syslogd
/// was restarted, the socket is connected again. A socket of our own needs less code than a
/// dependency, and keeps its descriptor when a daemon closes all others.
#[derive(Debug)]
pub struct Syslog {
    socket: UnixDatagram,
    path: PathBuf,
    prefix: String,
}

impl Syslog {
    /// Connects to the system log. Each message begins with this prefix, usually the program's
    /// name.
    ///
    /// # Errors
    /// If nobody listens there.
    pub fn open(prefix: &str) -> io::Result<Self> {
        Self::at(SOCKET, prefix)
    }

    /// Connects to another socket.
    ///
    /// # Errors
    /// If nobody listens there.
    pub fn at(path: impl AsRef<Path>, prefix: &str) -> io::Result<Self> {
        let socket = UnixDatagram::unbound()?;
        socket.connect(path.as_ref())?;
        // These characters would end the prefix.
        let prefix = prefix
            .chars()
            .filter(|c| !c.is_whitespace() && !c.is_control() && !"[]:".contains(*c));
        Ok(Self {
            socket,
            path: path.as_ref().to_owned(),
            prefix: prefix.collect(),
        })
    }

    /// Sends a text, one message for each line.
    ///
    /// # Errors
    /// If nobody listens, or if the receiver is too slow and this socket must not wait.
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

/// A line in pieces of at most that length, cut between characters.
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

    /// In one write, so that a line stays whole.
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

//! A question to a running service that it may answer: is it there, and does it work?

use std::fmt;
use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::process::{Command, ExitStatus, Stdio};
use std::str::FromStr;
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::error::reason;
use crate::helper;
use crate::service::Service;

/// The sleep between two looks at a command that runs.
const NAP: Duration = Duration::from_millis(10);

/// The question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Check {
    /// Does it accept connections at this port of this machine?
    Port(u16),
    /// Does it answer this address with success?
    Http(String),
    /// Does this command line succeed?
    Command(String),
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Port(port) => write!(f, "port:{port}"),
            Self::Http(url) => f.write_str(url),
            Self::Command(line) => write!(f, "command:{line}"),
        }
    }
}

impl From<Check> for String {
    fn from(check: Check) -> Self {
        check.to_string()
    }
}

impl TryFrom<String> for Check {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl FromStr for Check {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.starts_with("http://") {
            address(text).ok_or("it is no address such as http://127.0.0.1:8000/health")?;
            return Ok(Self::Http(text.to_owned()));
        }
        match text.split_once(':') {
            Some(("port", port)) => match port.parse() {
                Ok(port @ 1..) => Ok(Self::Port(port)),
                _ => Err("a port is a number from 1 to 65535"),
            },
            Some(("command", line)) => match shell_words::split(line) {
                Ok(words) if !words.is_empty() => Ok(Self::Command(line.to_owned())),
                _ => Err("that is no command line"),
            },
            _ => Err("it is `port:N`, `http://…` or `command:LINE`"),
        }
    }
}

impl Check {
    /// Asks, and waits for the answer at most for this long.
    ///
    /// # Errors
    /// The reason why the answer is no.
    pub fn ask(&self, service: &Service, limit: Duration) -> Result<(), String> {
        match self {
            Self::Port(port) => connect(("127.0.0.1", *port), limit)
                .map(drop)
                .map_err(|why| format!("port {port}: {}", reason(&why))),
            Self::Http(url) => get(url, limit).map_err(|why| format!("{url}: {why}")),
            Self::Command(line) => run(service, line, limit),
        }
    }
}

fn connect(address: impl ToSocketAddrs, limit: Duration) -> io::Result<TcpStream> {
    let address = address.to_socket_addrs()?.next();
    let address = address.ok_or_else(|| io::Error::other("it has no address"))?;
    TcpStream::connect_timeout(&address, limit)
}

/// The host with its port, and the path.
fn address(url: &str) -> Option<(String, String)> {
    let rest = url.strip_prefix("http://")?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    if host.is_empty() || url.contains(char::is_whitespace) {
        return None;
    }
    let has_port = host
        .rsplit_once(':')
        .is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let host = if has_port {
        host.to_owned()
    } else {
        format!("{host}:80")
    };
    Some((host, format!("/{path}")))
}

/// Requests a page. Every status below 400 is a success.
fn get(url: &str, limit: Duration) -> Result<(), String> {
    let (host, path) = address(url).ok_or("it is no address")?;
    let ask = || {
        let mut stream = connect(&host, limit)?;
        stream.set_read_timeout(Some(limit))?;
        stream.set_write_timeout(Some(limit))?;
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        let mut start = [0; 12];
        stream.read_exact(&mut start)?;
        Ok(start)
    };
    let start = ask().map_err(|error: io::Error| reason(&error))?;
    let start = String::from_utf8_lossy(&start).into_owned();
    let status = start
        .strip_prefix("HTTP/1.")
        .and_then(|rest| rest.get(2..5));
    match status.and_then(|status| status.parse::<u16>().ok()) {
        Some(200..400) => Ok(()),
        Some(status) => Err(format!("status {status}")),
        None => Err("it does not speak HTTP".to_owned()),
    }
}

/// Runs a command line beside the service.
fn run(service: &Service, line: &str, limit: Duration) -> Result<(), String> {
    let failed = |error: io::Error| format!("`{line}`: {}", reason(&error));
    let mut command = helper::command(service, line).map_err(failed)?;
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    match ends_within(&mut command, limit).map_err(failed)? {
        Some(status) if status.success() => Ok(()),
        Some(status) => Err(format!("`{line}`: {status}")),
        None => Err(format!(
            "`{line}` takes longer than {} s",
            limit.as_secs_f64()
        )),
    }
}

/// How a command ended, or `None` if it took too long and was killed.
fn ends_within(command: &mut Command, limit: Duration) -> io::Result<Option<ExitStatus>> {
    let mut child = command.spawn()?;
    let begun = Instant::now();
    while begun.elapsed() < limit {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        thread::sleep(NAP);
    }
    let _ = child.kill();
    child.wait().map(|_| None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_port_and_a_path() {
        assert_eq!(address("http://a"), Some(("a:80".into(), "/".into())));
        assert_eq!(
            address("http://a:1/b/c"),
            Some(("a:1".into(), "/b/c".into()))
        );
    }
}

//! When a service counts as started: it has run for a moment, and its condition holds.

use std::fmt;
use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::str::FromStr;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::log::Log;
use crate::log::reader::{Filter, Reader};
use crate::service::Service;

/// The time limit of one try.
const TRY: Duration = Duration::from_secs(1);

/// The condition for readiness.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Ready {
    /// The service reports it, with the protocol of `sd_notify`.
    Notify,
    /// It accepts connections at this port of this machine.
    Port(u16),
    /// It answers this address with success.
    Http(String),
    /// It writes a line with this text into its log.
    Log(String),
    /// This command line succeeds.
    Command(String),
}

impl fmt::Display for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Notify => f.write_str("notify"),
            Self::Port(port) => write!(f, "port:{port}"),
            Self::Http(url) => f.write_str(url),
            Self::Log(text) => write!(f, "log:{text}"),
            Self::Command(line) => write!(f, "command:{line}"),
        }
    }
}

impl From<Ready> for String {
    fn from(ready: Ready) -> Self {
        ready.to_string()
    }
}

impl TryFrom<String> for Ready {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl FromStr for Ready {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "notify" {
            return Ok(Self::Notify);
        }
        if text.starts_with("http://") {
            address(text).ok_or("it is no address such as http://127.0.0.1:8000/health")?;
            return Ok(Self::Http(text.to_owned()));
        }
        match text.split_once(':') {
            Some(("port", port)) => match port.parse() {
                Ok(port @ 1..) => Ok(Self::Port(port)),
                _ => Err("a port is a number from 1 to 65535"),
            },
            Some(("log", text)) if !text.is_empty() => Ok(Self::Log(text.to_owned())),
            Some(("command", line)) => match shell_words::split(line) {
                Ok(words) if !words.is_empty() => Ok(Self::Command(line.to_owned())),
                _ => Err("that is no command line"),
            },
            _ => Err("it is `notify`, `port:N`, `http://…`, `log:TEXT` or `command:LINE`"),
        }
    }
}

/// The socket on which a service reports that it is ready, for [`Ready::Notify`].
#[must_use]
pub fn notify_socket(state: &Path) -> PathBuf {
    state.with_extension("notify")
}

/// A look at a service that was started, repeated until it is ready.
#[derive(Debug)]
pub struct Probe {
    service: Service,
    log: Option<Reader>,
    /// Whether the awaited line has been read: the reader gives each line once.
    has_line: bool,
    begun: Instant,
}

impl Probe {
    /// For a service that is about to start: only later lines of its log count.
    ///
    /// # Errors
    /// If its log can't be read.
    pub fn new(service: Service, log: Log) -> io::Result<Self> {
        let all = Filter {
            since: 0,
            stream: None,
        };
        let log = match service.ready {
            Some(Ready::Log(_)) => Some(Reader::last(log, all, 0)?.0),
            _ => None,
        };
        let begun = Instant::now();
        Ok(Self {
            service,
            log,
            has_line: false,
            begun,
        })
    }

    /// For a service that has run since then, in seconds of Unix time. Lines since then count too.
    ///
    /// # Errors
    /// If its log can't be read.
    pub fn of_running(service: Service, log: &Log, since: u64) -> io::Result<Self> {
        let all = Filter {
            since: since * 1000,
            stream: None,
        };
        let mut probe = Self::new(service, log.clone())?;
        if let Some(Ready::Log(text)) = &probe.service.ready {
            let (reader, lines) = Reader::last(log.clone(), all, usize::MAX)?;
            probe.has_line = lines.iter().any(|line| has(&line.text, text));
            probe.log = Some(reader);
        }
        let age = Duration::from_secs(crate::state::now().saturating_sub(since));
        probe.begun = probe.begun.checked_sub(age).unwrap_or(probe.begun);
        Ok(probe)
    }

    /// The service.
    #[must_use]
    pub fn service(&self) -> &Service {
        &self.service
    }

    /// The time of its start.
    #[must_use]
    pub fn begun(&self) -> Instant {
        self.begun
    }

    /// The missing condition. `told` is whether the service has reported that it is ready.
    #[must_use]
    pub fn missing(&mut self, told: bool) -> Option<String> {
        let missing = match &self.service.ready {
            None => None,
            Some(Ready::Notify) => (!told).then(|| "it has not said `READY=1`".to_owned()),
            Some(Ready::Port(port)) => connect(("127.0.0.1", *port))
                .err()
                .map(|why| format!("port {port}: {}", crate::error::reason(&why))),
            Some(Ready::Http(url)) => get(url).err().map(|why| format!("{url}: {why}")),
            Some(Ready::Log(text)) => {
                let lines = self.log.as_mut().and_then(|log| log.more().ok());
                self.has_line |= lines
                    .into_iter()
                    .flatten()
                    .any(|line| has(&line.text, text));
                (!self.has_line).then(|| format!("no line of its log has {text:?}"))
            }
            Some(Ready::Command(line)) => run(&self.service, line).err(),
        };
        missing.or_else(|| {
            let least = self.service.least_run();
            let young = self.begun.elapsed() < least;
            young.then(|| format!("it runs for less than {} s", least.as_secs_f64()))
        })
    }
}

/// Whether a line contains the text.
fn has(line: &[u8], text: &str) -> bool {
    line.windows(text.len()).any(|part| part == text.as_bytes())
}

fn connect(address: impl ToSocketAddrs) -> io::Result<TcpStream> {
    let address = address.to_socket_addrs()?.next();
    let address = address.ok_or_else(|| io::Error::other("it has no address"))?;
    TcpStream::connect_timeout(&address, TRY)
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
fn get(url: &str) -> Result<(), String> {
    let (host, path) = address(url).ok_or("it is no address")?;
    let ask = || {
        let mut stream = connect(&host)?;
        stream.set_read_timeout(Some(TRY))?;
        stream.set_write_timeout(Some(TRY))?;
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        let mut start = [0; 12];
        stream.read_exact(&mut start)?;
        Ok(start)
    };
    let start = ask().map_err(|error: io::Error| crate::error::reason(&error))?;
    let start = String::from_utf8_lossy(&start).into_owned();
    let status = start
        .strip_prefix("HTTP/1.")
        .and_then(|rest| rest.get(2..5));
    match status.and_then(|status| status.parse::<u16>().ok()) {
        Some(status @ 100..400) if status >= 200 => Ok(()),
        Some(status) => Err(format!("status {status}")),
        None => Err("it does not speak HTTP".to_owned()),
    }
}

/// Runs a command line in the directory of the service, within the limit of a try.
fn run(service: &Service, line: &str) -> Result<(), String> {
    let words = shell_words::split(line).map_err(|error| error.to_string())?;
    let Some((program, arguments)) = words.split_first() else {
        return Ok(());
    };
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(&service.working_directory)
        .envs(&service.env);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let failed = |error: io::Error| format!("`{line}`: {}", crate::error::reason(&error));
    let mut child = command.spawn().map_err(failed)?;
    let until = Instant::now() + 5 * TRY;
    loop {
        match child.try_wait().map_err(failed)? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => return Err(format!("`{line}`: {status}")),
            None if Instant::now() > until => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!(
                    "`{line}` takes longer than {} s",
                    (5 * TRY).as_secs()
                ));
            }
            None => std::thread::sleep(Duration::from_millis(10)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_written_as_it_is_read() {
        let kinds = [
            "notify",
            "port:80",
            "http://localhost/x",
            "log:up: now",
            "command:test -e 'a b'",
        ];
        for text in kinds {
            assert_eq!(text.parse::<Ready>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "port:0",
            "port:x",
            "http://",
            "log:",
            "command:",
            "command:'",
            "fd:3",
        ] {
            assert!(text.parse::<Ready>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_address_has_a_port_and_a_path() {
        assert_eq!(address("http://a"), Some(("a:80".into(), "/".into())));
        assert_eq!(
            address("http://a:1/b/c"),
            Some(("a:1".into(), "/b/c".into()))
        );
    }
}

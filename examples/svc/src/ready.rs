//! When a service counts as started: it has run for a moment, and its condition holds.

use std::fmt;
use std::io;
use std::str::FromStr;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::check::Check;
use crate::log::Log;
use crate::log::reader::{Filter, Reader};
use crate::service::Service;

/// The time limits of one try.
const TRY: Duration = Duration::from_secs(1);
const COMMAND: Duration = Duration::from_secs(5);

/// The descriptors that a service may report on. The first three are its streams.
const DESCRIPTORS: std::ops::Range<i32> = 3..1024;

/// The condition for readiness.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Ready {
    /// The service reports it, with the protocol of `sd_notify`.
    Notify,
    /// The service writes a line to this descriptor.
    Fd(i32),
    /// It writes a line with this text into its log.
    Log(String),
    /// The answer to this is yes.
    Check(Check),
}

impl fmt::Display for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Notify => f.write_str("notify"),
            Self::Fd(number) => write!(f, "fd:{number}"),
            Self::Log(text) => write!(f, "log:{text}"),
            Self::Check(check) => check.fmt(f),
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
        match text.split_once(':') {
            Some(("fd", number)) => match number.parse() {
                Ok(number) if DESCRIPTORS.contains(&number) => Ok(Self::Fd(number)),
                _ => Err("a descriptor is a number from 3 to 1023"),
            },
            Some(("log", text)) if !text.is_empty() => Ok(Self::Log(text.to_owned())),
            Some(("port" | "http" | "command", _)) => text.parse().map(Self::Check),
            _ => Err("it is `notify`, `fd:N`, `port:N`, `http://…`, `log:TEXT` or `command:LINE`"),
        }
    }
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

    /// Counts the time of the service from now on, because it has just started.
    pub fn begin(&mut self) {
        self.begun = Instant::now();
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
            Some(Ready::Fd(number)) => {
                (!told).then(|| format!("it has written no line to descriptor {number}"))
            }
            Some(Ready::Check(check)) => {
                let limit = match check {
                    Check::Command(_) => COMMAND,
                    Check::Port(_) | Check::Http(_) => TRY,
                };
                check.ask(&self.service, limit).err()
            }
            Some(Ready::Log(text)) => {
                let lines = self.log.as_mut().and_then(|log| log.more().ok());
                self.has_line |= lines
                    .into_iter()
                    .flatten()
                    .any(|line| has(&line.text, text));
                (!self.has_line).then(|| format!("no line of its log has {text:?}"))
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_written_as_it_is_read() {
        let kinds = [
            "notify",
            "fd:3",
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
            "fd:2",
            "tcp:3",
        ] {
            assert!(text.parse::<Ready>().is_err(), "{text}");
        }
    }
}

//! How a service is asked to read its configuration again.

use std::fmt;
use std::str::FromStr;

use nix::sys::signal::Signal;
use serde::{Deserialize, Serialize};

use crate::define::StopSignal;

/// The way to ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Reload {
    /// Its main process gets this signal.
    Signal(i32),
    /// This command line runs beside it.
    Command(String),
}

impl fmt::Display for Reload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signal(number) => match Signal::try_from(*number) {
                Ok(signal) => f.write_str(signal.as_str().trim_start_matches("SIG")),
                Err(_) => write!(f, "{number}"),
            },
            Self::Command(line) => write!(f, "command:{line}"),
        }
    }
}

impl From<Reload> for String {
    fn from(reload: Reload) -> Self {
        reload.to_string()
    }
}

impl TryFrom<String> for Reload {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl FromStr for Reload {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let Some(line) = text.strip_prefix("command:") else {
            let signal = text.parse::<StopSignal>();
            return signal
                .map(|signal| Self::Signal(signal.number()))
                .map_err(|_| "it is a signal such as HUP, or `command:LINE`");
        };
        match shell_words::split(line) {
            Ok(words) if !words.is_empty() => Ok(Self::Command(line.to_owned())),
            _ => Err("that is no command line"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_is_written_as_it_is_read() {
        for text in ["HUP", "USR1", "command:nginx -s reload"] {
            assert_eq!(text.parse::<Reload>().unwrap().to_string(), text);
        }
        for text in ["", "SOON", "command:", "command:'"] {
            assert!(text.parse::<Reload>().is_err(), "{text}");
        }
    }
}

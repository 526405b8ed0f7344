//! Values of options, as people write them.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use nix::sys::signal::Signal;

/// A variable of an environment.
#[derive(Debug, Clone)]
pub struct Variable {
    key: String,
    value: String,
}

impl Variable {
    /// Its key and its value.
    #[must_use]
    pub fn pair(self) -> (String, String) {
        (self.key, self.value)
    }
}

impl FromStr for Variable {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            Some((key, value)) if !key.is_empty() => Ok(Self {
                key: key.to_owned(),
                value: value.to_owned(),
            }),
            _ => Err("a variable is written KEY=VALUE"),
        }
    }
}

/// A duration as people write it.
#[derive(Debug, Clone, Copy)]
pub struct Seconds(Duration);

impl From<Seconds> for Duration {
    fn from(seconds: Seconds) -> Self {
        seconds.0
    }
}

impl FromStr for Seconds {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let seconds: f64 = text.parse().map_err(|_| "it is no number of seconds")?;
        match Duration::try_from_secs_f64(seconds) {
            // Longer than any wait, and safe to add to a clock.
            Ok(time) if time <= Duration::from_secs(86_400 * 365) => Ok(Self(time)),
            _ => Err("it is no time that one could wait"),
        }
    }
}

/// A size in bytes as people write it.
#[derive(Debug, Clone, Copy)]
pub struct Size(u64);

impl Size {
    /// So many bytes.
    #[must_use]
    pub fn of(bytes: u64) -> Self {
        Self(bytes)
    }

    /// In bytes.
    #[must_use]
    pub fn bytes(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [(30, "G"), (20, "M"), (10, "K"), (0, "")];
        let is_whole = |shift: u32| self.0 > 0 && self.0.trailing_zeros() >= shift;
        let unit = units.into_iter().find(|(shift, _)| is_whole(*shift));
        let (shift, unit) = unit.unwrap_or((0, ""));
        write!(f, "{}{unit}", self.0 >> shift)
    }
}

impl FromStr for Size {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unit = text.trim_end_matches(['B', 'b', 'i']);
        let (number, shift) = match unit.char_indices().last() {
            Some((at, 'K' | 'k')) => (&unit[..at], 10),
            Some((at, 'M' | 'm')) => (&unit[..at], 20),
            Some((at, 'G' | 'g')) => (&unit[..at], 30),
            _ => (unit, 0),
        };
        let number: Option<u64> = number.trim().parse().ok();
        let bytes = number.and_then(|number| number.checked_mul(1 << shift));
        let bytes = bytes.filter(|bytes| (1..=1 << 50).contains(bytes));
        bytes.map(Self).ok_or("a size is written 500K, 10M or 1G")
    }
}

/// A signal, by name or number.
#[derive(Debug, Clone, Copy)]
pub struct StopSignal(i32);

impl StopSignal {
    /// Its number.
    #[must_use]
    pub fn number(self) -> i32 {
        self.0
    }
}

impl FromStr for StopSignal {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = text.to_uppercase();
        let name = if name.starts_with("SIG") {
            name
        } else {
            format!("SIG{name}")
        };
        let signal = match text.parse::<i32>() {
            Ok(number) => Signal::try_from(number).ok(),
            Err(_) => name.parse().ok(),
        };
        signal
            .map(|signal| Self(signal as i32))
            .ok_or("there is no such signal")
    }
}
